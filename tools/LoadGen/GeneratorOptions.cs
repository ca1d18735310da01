namespace IntegrationPoints.LoadGen;

/// <summary>Where the extracted text of the generated documents goes.</summary>
public enum TextPlace
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>In a column of its own, <see cref="LoadFileGenerator.TextColumn"/>.</summary>
    Cell,

    /// <summary>In a file each; the column <see cref="LoadFileGenerator.TextPathColumn"/> holds its path.</summary>
    File,
}

/// <summary>What to generate. The same options give the same bytes, on every machine.</summary>
public sealed record GeneratorOptions
{
    /// <summary>How many rows the load file has, the bad ones among them.</summary>
    public required int Documents { get; init; }

    /// <summary>Chooses names, dates, choices, sizes.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Write a native for each document, and the column <see cref="LoadFileGenerator.NativeColumn"/>.</summary>
    public bool Natives { get; init; }

    /// <summary>Where the extracted text goes.</summary>
    public TextPlace Text { get; init; }

    /// <summary>Bytes of extracted text a document, give or take a quarter.</summary>
    public int BytesPerText { get; init; } = 1000;

    /// <summary>How many rows are bad, spread evenly; at most one in three.</summary>
    public int BadRows { get; init; }

    /// <summary>Name of the load file in its folder.</summary>
    public string FileName { get; init; } = "documents.dat";
}

/// <summary>A row that an import must reject.</summary>
/// <param name="Line">The physical line of the load file on which it begins, from 1.</param>
/// <param name="Identifier">What stands in its identifier cell.</param>
/// <param name="Code">The error code that the import must report.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record BadRow(long Line, string Identifier, string Code, string Reason);

/// <summary>What was generated.</summary>
/// <param name="LoadFilePath">The load file.</param>
/// <param name="SchemaPath">The fields that it needs, as <c>ip import --create-fields --fields</c> takes them.</param>
/// <param name="Documents">Rows, the bad ones among them.</param>
/// <param name="BadRows">The rows that must be rejected, in the order of the file.</param>
/// <param name="ImportOptions">The options of <c>ip import</c> that name its columns.</param>
public sealed record GeneratedSet(
    string LoadFilePath,
    string SchemaPath,
    int Documents,
    IReadOnlyList<BadRow> BadRows,
    IReadOnlyList<string> ImportOptions);
