import FileModel
import Testing

@Suite struct TimestampTests {
    @Test func nanosecondsDecideBetweenEqualSeconds() {
        #expect(Timestamp(seconds: 1, nanoseconds: 2) < Timestamp(seconds: 1, nanoseconds: 3))
        #expect(Timestamp(seconds: -1, nanoseconds: 999_999_999) < .epoch)
    }

    @Test func permissionsKeepTheTwelveModeBitsOnly() {
        #expect(FileAttributes(permissions: 0o104755).permissions == 0o4755)
    }
}
