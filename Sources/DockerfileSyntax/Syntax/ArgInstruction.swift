/// `ARG name=default …`: build arguments this point on.
package struct ArgInstruction: Hashable, Sendable {
    /// At least one; each sees those before it on the same line.
    package var declarations: [ArgDeclaration]

    package init(declarations: [ArgDeclaration]) {
        self.declarations = declarations
    }
}
