using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>How the bytes of a file become characters, and why we think so.</summary>
/// <param name="Encoding">The encoding.</param>
/// <param name="PreambleLength">Bytes of the byte order mark, 0 when there is none.</param>
/// <param name="Reason">Why, in words: "byte order mark", "as told", "valid UTF-8 in the first 1 MiB"…</param>
/// <param name="Warning">What the user should know, such as a declared encoding that the file contradicts; else null.</param>
public sealed record DetectedEncoding(Encoding Encoding, int PreambleLength, string Reason, string? Warning);
