package import ByteStrings

/// `ONBUILD instruction`: an instruction for builds that start from this image.
package struct OnbuildInstruction: Hashable, Sendable {
    /// The instruction, already parsed.
    package var trigger: Located<Instruction>
    /// The instruction's text as the image stores it, heredocs included.
    package var text: ByteString

    package init(trigger: Located<Instruction>, text: ByteString) {
        self.trigger = trigger
        self.text = text
    }
}
