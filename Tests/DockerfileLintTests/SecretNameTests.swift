import Testing

@Suite("Names that sound like secrets")
struct SecretNameTests {
    @Test(
        "a word between underscores tells, in any letters",
        arguments: [
            "TOKEN", "npm_token", "GITHUB_Token_2", "API_KEY", "apikey", "AUTH", "DB_PASSWORD", "DB_PASSWD", "PWORD",
            "A_SECRET",
            "CREDENTIAL", "AWS_CREDENTIALS", "'MY_KEY'", "_KEY_",
        ]
    )
    func secret(name: String) {
        #expect(LintFixture("FROM scratch\nENV \(name)=x\n").findings(of: "SecretsUsedInArgOrEnv").count == 1)
    }

    @Test(
        "other words do not, and some take it back",
        arguments: [
            "TOKENS", "MONKEY", "KEYBOARD", "AUTHOR", "PUBLIC_KEY", "KEY_FILE", "TOKEN_VERSION", "PASSWORDS", "APIKEYS",
            "MY-TOKEN", "SECRETS", "file_token",
        ]
    )
    func harmless(name: String) {
        #expect(LintFixture("FROM scratch\nENV \(name)=x\n").findings(of: "SecretsUsedInArgOrEnv").isEmpty)
    }
}
