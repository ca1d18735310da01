namespace IntegrationPoints.LoadFiles;

/// <summary>Why a row of a load file cannot be read. It costs that row only.</summary>
/// <param name="Code">
/// <c>unbalanced-quote</c>, <c>text-after-quote</c>, <c>invalid-encoding</c> or <c>record-too-long</c>.
/// </param>
/// <param name="Cell">The cell it is about, from 0; −1 when it is about the whole row.</param>
/// <param name="Words">What is wrong, as a sentence without the line number.</param>
public sealed record RowError(string Code, int Cell, string Words);
