namespace IntegrationPoints.Engine.Checks;

/// <summary>What each code of a finding means to people, and what to do about it.</summary>
public static class FindingWords
{
    /// <summary>A page number that two documents claim.</summary>
    public const string BatesOverlap = "bates-overlap";

    /// <summary>Numbers that no document has.</summary>
    public const string BatesGap = "bates-gap";

    /// <summary>A begin or end number that cannot be read as prefix and digits, or an end before its begin.</summary>
    public const string BatesUnreadable = "bates-unreadable";

    /// <summary>The number of pages is not that of the Bates range.</summary>
    public const string PageCount = "page-count-mismatch";

    /// <summary>A family whose attachment range is not covered by its documents.</summary>
    public const string FamilyIncomplete = "family-incomplete";

    /// <summary>A family whose documents do not stand together.</summary>
    public const string FamilyScattered = "family-scattered";

    /// <summary>A parent that is not in the load file.</summary>
    public const string ParentMissing = "parent-missing";

    /// <summary>Documents with one hash.</summary>
    public const string DuplicateHash = "duplicate-hash";

    /// <summary>A hash that is not that of the native's bytes.</summary>
    public const string HashMismatch = "hash-mismatch";

    /// <summary>A value of a hash column that is no hash.</summary>
    public const string HashUnreadable = "hash-unreadable";

    /// <summary>Natives that were too large to be read for the check.</summary>
    public const string HashNotCompared = "hash-not-compared";

    /// <summary>A file that is not there.</summary>
    public const string MissingFile = "missing-file";

    /// <summary>A file without a byte.</summary>
    public const string EmptyFile = "empty-file";

    /// <summary>A file that nothing refers to.</summary>
    public const string OrphanFile = "orphan-file";

    /// <summary>A date that the other order of day and month reads otherwise.</summary>
    public const string AmbiguousDate = "ambiguous-date";

    /// <summary>A date that lacks its year or its day.</summary>
    public const string CompletedDate = "completed-date";

    /// <summary>A document without images.</summary>
    public const string WithoutImages = "document-without-images";

    /// <summary>Images whose document is not in the document load file.</summary>
    public const string ImagesAlone = "images-without-document";

    /// <summary>The image load file cannot be read.</summary>
    public const string ImagesUnreadable = "image-file-unreadable";

    /// <summary>Existing records cannot be found by the overlay field yet.</summary>
    public const string OverlayUnknown = "overlay-unknown";

    private static readonly Dictionary<string, (string Title, string Remedy)> Words = new()
    {
        ["column-count"] = ("Rows with too many or too few cells", "Look for a delimiter or a quote that is missing or too many in these rows."),
        ["unbalanced-quote"] = ("Quotes that are never closed", "Close the quote, or double it where it belongs to the text."),
        ["text-after-quote"] = ("Text after a closing quote", "Double the quotes that belong to the text."),
        ["missing-identifier"] = ("Rows without an identifier", "Enter the identifier, or leave the rows out."),
        ["invalid-identifier"] = ("Identifiers that cannot be used", "Remove line breaks and control characters, or check the encoding of the load file."),
        ["duplicate-identifier"] = ("Identifiers that stand in the load file twice", "The first row is taken. Give the others their own identifiers, or remove them."),
        ["record-exists"] = ("Records that are in the workspace already", "Import with Append/Overlay to overlay them, or leave the rows out."),
        ["record-not-found"] = ("Records that are not in the workspace", "Import with Append/Overlay to make them, or correct the identifiers."),
        ["overlay-ambiguous"] = ("Overlay values that name more than one record", "Overlay by the identifier, or make the values unique."),
        ["required-field-blank"] = ("Required fields that are blank", "Enter a value."),
        ["invalid-date"] = ("Dates that cannot be read", "Correct them, or choose the regional settings in which the file was written."),
        ["invalid-number"] = ("Numbers that cannot be read", "Correct them, or choose the regional settings in which the file was written."),
        ["invalid-boolean"] = ("Values that are neither yes nor no", "Write yes or no, or leave the cell empty."),
        ["text-too-long"] = ("Values that are too long for their field", "Lengthen the field, use a long text field, or shorten the values."),
        ["choice-too-long"] = ("Choices that are too long", "Shorten them, or check the characters between values and between levels."),
        ["choice-not-found"] = ("Choices that do not exist", "Make the choices first, or let the import create them."),
        ["object-not-found"] = ("Objects that do not exist", "Make them first, or let the import create them."),
        ["user-not-found"] = ("Users that do not exist", "Correct the address, or add the user."),
        ["invalid-encoding"] = ("Bytes that are invalid in the encoding", "Choose the encoding in which the file was written."),
        ["invalid-character"] = ("Characters that cannot be stored", "Remove them, or check the encoding of the file."),
        ["invalid-folder"] = ("Folder paths that cannot be used", "Shorten them."),
        ["path-absolute"] = ("Paths that name a drive or a server", "Ask for relative paths, or map the drive to the base folder."),
        ["path-outside-root"] = ("Paths that leave the base folder", "Correct them; nothing outside the base folder is read."),
        ["restricted-file-type"] = ("Files of a type that is not imported", "The records would be written without them."),
        ["file-name-case"] = ("File names in other letters", "They were found all the same; nothing has to be done."),
        ["item-too-large"] = ("Records that are too large to be stored", "Map fewer fields, or shorten the longest values."),
        ["record-too-long"] = ("Rows that are too long", "Look for a quote that is never closed."),
        ["encoding"] = ("The encoding of the load file", "Open the file in a text editor and look at letters with accents."),
        ["invalid-line"] = ("Lines of the image load file that cannot be read", "Correct them, or ask the sender for the file again."),
        ["missing-page-id"] = ("Images without a page id", "Enter the page ids, or number the pages automatically."),
        ["duplicate-page-id"] = ("Page ids that stand twice", "Give each page its own, or number the pages automatically."),
        ["page-count"] = ("Documents with other page counts than the image load file says", "Look whether lines are missing."),
        ["other-lines"] = ("Lines that are about something else than images", "They are passed over; nothing has to be done."),
        [ImagesUnreadable] = ("The image load file cannot be read", "Mend it, and check again."),
        [MissingFile] = ("Files that are not there", "Ask the sender for them, or correct the base folder."),
        [EmptyFile] = ("Files that are empty", "Ask the sender whether they are meant to be (0 bytes)."),
        [OrphanFile] = ("Files that nothing refers to", "Ask the sender whether rows are missing from the load file."),
        [BatesGap] = ("Gaps in the numbers", "Ask the sender whether these numbers were withheld or forgotten."),
        [BatesOverlap] = ("Numbers that more than one document has", "Ask the sender which document they belong to."),
        [BatesUnreadable] = ("Numbers that cannot be read", "Expected a prefix and digits, such as ABC0000001, and an end that is not before the begin."),
        [PageCount] = ("Page counts that differ from the Bates range", "Ask the sender for the missing pages, or for a corrected load file."),
        [FamilyIncomplete] = ("Families that are not complete", "Ask the sender for the documents that are missing."),
        [FamilyScattered] = ("Families whose documents do not stand together", "They are one family all the same; look whether rows were sorted or moved."),
        [ParentMissing] = ("Attachments whose parent is not in the load file", "Ask the sender for the parent, or look whether its row cannot be read or it came with an earlier production."),
        [DuplicateHash] = ("Documents with the same hash", "They are copies of each other; nothing has to be done unless copies were to be left out."),
        [HashMismatch] = ("Natives that are not the ones that were hashed", "Ask the sender for these files again: they were changed or damaged on the way."),
        [HashUnreadable] = ("Values of a hash column that are no hashes", "Expected 32 (MD5), 40 (SHA-1) or 64 (SHA-256) hexadecimal digits."),
        [HashNotCompared] = ("Natives that were too large to compare", "Their hashes were left alone; compare them by hand where it matters."),
        [AmbiguousDate] = ("Dates that depend on the regional settings", "Look at a few of the documents: is it the day or the month that comes first?"),
        [CompletedDate] = ("Dates that lack their year or their day", "The missing part is taken from the date of the import. Complete them if that is wrong."),
        [WithoutImages] = ("Documents without images", "Ask the sender whether these were produced as natives only."),
        [ImagesAlone] = ("Images whose document is not in the load file", "Ask the sender for the rows of these documents."),
        [OverlayUnknown] = ("Existing records cannot be told yet", "The first import makes the overlay field a lookup field; until then rows count as new."),
    };

    /// <summary>The finding with its title and remedy.</summary>
    internal static Finding Complete(Finding finding)
    {
        var (title, remedy) = Words.TryGetValue(finding.Code, out var words) ? words : (finding.Code, "The examples say what to do.");
        return finding with { Title = finding.Field is { } field ? $"{title}: {field}" : title, Remedy = remedy };
    }
}
