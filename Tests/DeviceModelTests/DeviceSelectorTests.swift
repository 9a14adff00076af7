import ByteStrings
import DeviceModel
import Testing

@Suite struct DeviceSelectorTests {
    private static let kind = DeviceKind("vendor.com/gpu")

    @Test func theFormsAreToldApart() throws {
        let kind = try #require(Self.kind)
        #expect(DeviceSelector("vendor.com/gpu") == .first(kind))
        #expect(DeviceSelector("vendor.com/gpu=*") == .all(kind))
        #expect(DeviceSelector("vendor.com/gpu=0") == DeviceName(kind, "0").map { .named($0) })
        #expect(DeviceSelector("compute") == .classed("compute"))
        #expect(DeviceSelector("0") == .classed("0"))
    }

    @Test(arguments: [
        "vendor.com/gpu", "vendor.com/gpu=*", "vendor.com/gpu=0", "v/c=GPU-1a:2.b_c", "a.b-c/d.e_f=x", "compute", "a:b",
    ])
    func aNameIsWrittenAsItWasRead(_ text: String) throws {
        #expect(try #require(DeviceSelector(ByteString(text))).text == ByteString(text))
    }

    @Test(arguments: [
        "", "/", "a/", "/b", "/dev/fuse", "a/b=", "a/b=**", "a/b=-x", "a/b=x-", "a/b=x y", "1a/b", "a/1b", "a/b/c",
        "-a/b",
        "a/b.", "a b/c", "a/b=x=y", "$NAME", "a/$B", "a/b=$C", "a=b", "é/b", "a/b=é", "a/b=x\0", "a\n", "*", "a/*",
    ])
    func whatIsNoNameIsRefused(_ text: String) {
        #expect(DeviceSelector(ByteString(text)) == nil)
    }

    @Test func namesHaveAnEnd() {
        let long = String(repeating: "a", count: 400)
        for text in [long, "v/\(long)", "v/c=\(long)"] { #expect(DeviceSelector(ByteString(text)) == nil) }
    }
}
