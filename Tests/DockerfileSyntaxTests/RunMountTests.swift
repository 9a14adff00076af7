import ByteStrings
import DockerfileSyntax
import Testing

@Suite("The --mount flag")
struct RunMountTests {
    @Test("a bind is the default, read-only")
    func bind() throws {
        let mount = try RunMount(parsing: "src=d,dst=/x,from=stage")
        #expect(mount.type == .bind)
        #expect(mount.source == "d")
        #expect(mount.target == "/x")
        #expect(mount.from == "stage")
        #expect(mount.readOnly)
    }

    @Test("a cache has every field")
    func cache() throws {
        let mount = try RunMount(
            parsing: "Type=CACHE,target=/c,id=k,sharing=LOCKED,mode=0770,uid=1,gid=4294967295,ro"
        )
        #expect(mount.type == .cache)
        #expect(mount.id == "k")
        #expect(mount.sharing == .locked)
        #expect(mount.mode == 0o770)
        #expect(mount.uid == 1)
        #expect(mount.gid == UInt32.max)
        #expect(mount.readOnly)
    }

    @Test(
        "who may write depends on the type, and on what is said last",
        arguments: [
            ("target=/a", true), ("type=cache,target=/a", false), ("type=tmpfs,target=/a", false),
            ("type=secret,id=a", true), ("type=bind,rw", false), ("rw=false", true), ("ro=0", false),
            ("rw,ro", true), ("readonly,readwrite", false),
        ]
    )
    func readOnly(text: String, expected: Bool) throws {
        #expect(try RunMount(parsing: ByteString(text)).readOnly == expected)
    }

    @Test("secrets and sizes")
    func others() throws {
        let secret = try RunMount(parsing: "type=secret,id=s,env=TOKEN,required,mode=440")
        #expect(secret.required)
        #expect(secret.env == "TOKEN")
        #expect(secret.mode == 0o440)
        #expect(try RunMount(parsing: "type=tmpfs,target=/t,size=1m").size == 1 << 20)
        #expect(try RunMount(parsing: "type=tmpfs,target=/t,size=1.5GiB").size == 3 << 29)
        #expect(try RunMount(parsing: "required=false,type=ssh").required == false)
    }

    @Test("quotes protect commas, and variables cannot break a field")
    func quoting() throws {
        #expect(try RunMount(parsing: "type=bind,\"target=/a,b\"").target == "/a,b")
        #expect(try RunMount(parsing: "\"target=/a\"\"b\"").target == "/a\"b")
        let mount = try RunMount(parsing: "target=$T") { (word) throws(ExpansionError) in
            try WordExpander().expand(word) { _ in "/x,type=cache" }
        }
        #expect(mount.target == "/x,type=cache")
        #expect(mount.type == .bind)
    }

    @Test(
        "what is wrong is named",
        arguments: [
            ("", "failed to parse csv mounts: there is nothing in it"),
            ("\"a", "failed to parse csv mounts: a quoted field has no end"),
            ("a\"b", "failed to parse csv mounts: a bare quote in a field that is not quoted"),
            ("\"a\"b", "failed to parse csv mounts: text behind the end of a quoted field"),
            ("type=nosuch", "unsupported mount type `nosuch`"),
            ("target=/a,nosuch=1", "unexpected key `nosuch` in `nosuch=1`"),
            ("target", "invalid field `target` must be a key=value pair"),
            ("target=/a,", "unexpected key `` in ``"),
            ("ro=perhaps", "invalid value for ro: `perhaps`"),
            ("type=cache,sharing=nosuch", "unsupported sharing value `nosuch`"),
            ("type=cache,mode=9", "invalid value for mode: `9`"),
            ("type=cache,uid=4294967296", "invalid value for uid: `4294967296`"),
            ("type=cache,uid=-1", "invalid value for uid: `-1`"),
            ("type=tmpfs,size=huge", "invalid value for size: `huge`"),
            ("type=tmpfs,size=9999999999999g", "invalid value for size: `9999999999999g`"),
            ("size=1m", "unexpected key `size` for mount type `bind`"),
            ("uid=5", "unexpected key `uid` for mount type `bind`"),
            ("required", "unexpected key `required` for mount type `bind`"),
            ("type=bind,sharing=shared", "unexpected key `sharing` for mount type `bind`"),
            ("type=secret", "invalid secret mount: one of id, source, target is required"),
            ("type=secret,id=a,src=b", "invalid secret mount: both source and id can't be set"),
            ("type=secret,id=a,from=b", "unexpected key `from` for mount type `secret`"),
        ]
    )
    func mistakes(text: String, message: String) {
        let error = #expect(throws: RunMountError.self) { try RunMount(parsing: ByteString(text)) }
        #expect(error?.description == message)
    }

    @Test("a slip of the fingers gets a suggestion")
    func hints() {
        #expect(RunMountError.unknownType("secert").hint == "did you mean `secret`?")
        #expect(RunMountError.unknownKey("traget", field: "traget=/a").hint == "did you mean `target`?")
    }
}
