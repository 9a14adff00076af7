import SlipwayCLI

@main
struct Program {
    static func main() {
        SlipwayProgram.start()
    }
}
