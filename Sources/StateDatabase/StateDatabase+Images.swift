import OCIModel
import GRDB

extension StateDatabase {
    /// All names and their images, in ascending order of the bytes of the names.
    package func images() throws(StateDatabaseError) -> [ImageRecord] {
        try access { database in
            try database.rows("SELECT \(ImageRecord.columns) FROM images ORDER BY name").compactMap(ImageRecord.init)
        }
    }

    /// Whether there is any name at all.
    package func hasImages() throws(StateDatabaseError) -> Bool {
        try access { database in
            try database.row("SELECT 1 FROM images LIMIT 1") != nil
        }
    }

    /// The image of that name, a canonical reference.
    package func image(named name: String) throws(StateDatabaseError) -> ImageRecord? {
        try access { database in
            try database.row("SELECT \(ImageRecord.columns) FROM images WHERE name = ?", [name])
                .flatMap(ImageRecord.init)
        }
    }

    /// Gives an image a name, taking it from the one that had it.
    package func put(_ image: ImageRecord) throws(StateDatabaseError) {
        try put([image])
    }

    /// Gives images names, all of them or, when this fails, none.
    package func put(_ images: [ImageRecord]) throws(StateDatabaseError) {
        try change { database in
            for image in images {
                try database.run(
                    "INSERT OR REPLACE INTO images (\(ImageRecord.columns)) VALUES (?, ?, ?, ?, ?, ?)",
                    image.arguments
                )
            }
        }
    }

    /// Takes a name away.
    ///
    /// - Returns: What it stood for; nil when there was no such name.
    @discardableResult
    package func removeImage(named name: String) throws(StateDatabaseError) -> ImageRecord? {
        try change { database in
            let removed = try database.row("SELECT \(ImageRecord.columns) FROM images WHERE name = ?", [name])
            try database.run("DELETE FROM images WHERE name = ?", [name])
            return removed.flatMap(ImageRecord.init)
        }
    }
}
