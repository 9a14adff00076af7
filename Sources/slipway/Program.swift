import SlipwayCLI

@main
struct Program {
    static func main() async {
        await SlipwayProgram.run()
    }
}
