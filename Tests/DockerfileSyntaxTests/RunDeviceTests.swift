import ByteStrings
import DockerfileSyntax
import Testing

@Suite struct RunDeviceTests {
    @Test(
        arguments: [
            ("v.com/d=a", "v.com/d=a", false), ("v.com/d", "v.com/d", false), ("class", "class", false),
            ("v.com/d=a,required", "v.com/d=a", true), ("required,v.com/d=a", "v.com/d=a", true),
            ("v.com/d=*,required=1", "v.com/d=*", true), ("v.com/d=a,required=False", "v.com/d=a", false),
            ("name=v.com/d=a,required=true", "v.com/d=a", true), ("NAME=x,REQUIRED", "x", true),
            ("\"v.com/d=a\"", "v.com/d=a", false), ("$D", "$D", false), ("v.com/d=$D", "v.com/d=$D", false),
        ] as [(ByteString, ByteString, Bool)]
    )
    func aFlagHasANameAndAnOption(_ text: ByteString, _ name: ByteString, _ isRequired: Bool) throws {
        let device = try RunDevice(parsing: text)
        #expect(device.name == name)
        #expect(device.isRequired == isRequired)
    }

    @Test(
        arguments: [
            ("", "failed to parse csv devices: there is nothing in it"),
            ("required", "the name of a device is missing"),
            ("name=", "the name of a device is missing"), ("a,b", "invalid field `b` must be a key=value pair"),
            ("a/b=c,requird=1", "unexpected key `requird` in `requird=1`"),
            ("a,required=yes", "invalid value for required: `yes`"), ("a,name=b", "`b` is a second name beside `a`"),
            ("\"a", "failed to parse csv devices: a quoted field has no end"),
        ] as [(ByteString, String)]
    )
    func aFlagThatMeansNothingIsRefused(_ text: ByteString, _ reason: String) {
        do {
            let device = try RunDevice(parsing: text)
            Issue.record("\(device)")
        } catch {
            #expect(error.description == reason)
        }
    }

    @Test func aSlipOfTheFingersIsGuessed() {
        #expect(RunDeviceError.unknownKey("requird", field: "requird=1").hint == "did you mean `required`?")
    }
}
