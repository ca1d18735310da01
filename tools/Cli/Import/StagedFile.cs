namespace IntegrationPoints.Cli.Import;

/// <summary>A file on its way into the staging area.</summary>
/// <param name="Local">Where it is.</param>
/// <param name="Path">Where it goes: below the workspace's own staging folder, with <c>/</c>.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record StagedFile(string Local, string Path, long Bytes);
