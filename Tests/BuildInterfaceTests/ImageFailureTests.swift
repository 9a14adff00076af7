import BuildInterface
import Testing

@Suite struct ImageFailureTests {
    @Test func aNameThatIsCloseIsOffered() {
        #expect(
            "\(ImageFailure.notFound("helo", candidates: ["hello"]))"
                == "no image `helo` in the store; did you mean `hello`?"
        )
        #expect("\(ImageFailure.notFound("x", candidates: []))" == "no image `x` in the store")
    }

    @Test func aDigestOfSeveralImagesIsSaidToBe() {
        #expect("\(ImageFailure.ambiguous("abcd"))" == "more than one image starts with `abcd`")
    }
}
