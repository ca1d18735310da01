using IntegrationPoints.Engine;

namespace IntegrationPoints.Providers.Export;

/// <summary>A file of an export as it lies in the staging area.</summary>
/// <param name="Path">Its path there.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256 in small hexadecimal digits; null: nobody has read the bytes.</param>
/// <param name="WasThere">It was there before the job and was left as it was. What an earlier attempt of the job wrote is not meant.</param>
public sealed record ExportedFile(string Path, long Bytes, string? Sha256, bool WasThere);

/// <summary>A file that a document needs cannot be exported, so that the document is left out.</summary>
public sealed class UnusableFileException(Problem problem, Exception? cause = null) : IOException(problem.Message, cause)
{
    /// <summary>A problem of one record, of this code and these words.</summary>
    public UnusableFileException(string code, string message, Exception? cause = null)
        : this(new Problem(code, message) { Level = ProblemLevel.Item }, cause) { }

    /// <summary>What is wrong, without the document, which the caller knows.</summary>
    public Problem Problem { get; } = problem;
}
