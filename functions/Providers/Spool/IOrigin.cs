using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Spool;

/// <summary>
/// What lies outside and is read once: a file on a server, the people of a directory. It is handed over as a CSV file (commas, quotes, a header, UTF-8
/// where we write it), which a job keeps and reads from then on like a load file.
/// </summary>
internal interface IOrigin
{
    /// <summary>What is said when somebody who only looks is kept waiting.</summary>
    Problem Slow { get; }

    /// <summary>What is said when all of it has not come in the time that a job has (<see cref="Outside.LongestCopy"/>); null: it sees to that itself, and goes on where it was.</summary>
    Problem? TooLong { get; }

    /// <summary>Looks at it without copying anything: name, fields, what was found on the way.</summary>
    /// <exception cref="ServerException">It cannot be reached, or does not give what it was asked for.</exception>
    /// <exception cref="ConfigurationException">The user must mend something.</exception>
    Task<SourceLayout> LookAsync(CancellationToken cancellationToken);

    /// <summary>Writes all of it as a CSV file. What is written counts only when this ends well; it may be asked for again from the beginning.</summary>
    /// <exception cref="ServerException">It cannot be reached, or does not give what it was asked for.</exception>
    /// <exception cref="ConfigurationException">The user must mend something.</exception>
    Task<CopyNotes> CopyAsync(Stream copy, CancellationToken cancellationToken);

    /// <summary>Records on the integration point what later jobs are to know, when the copy was found to fit. May be repeated.</summary>
    Task LearnAsync(SourceLayout layout, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>What is known of a copy beside its bytes.</summary>
/// <param name="Name">What the source is called in messages: a path on a server, a directory's host and base.</param>
public sealed record CopyNotes(string Name)
{
    /// <summary>The field by which other records of the source refer to one; null: none of its own.</summary>
    public string? LinkField { get; init; }

    /// <summary>The field that names the records; null: none is said to.</summary>
    public string? Identifier { get; init; }

    /// <summary>Worth knowing.</summary>
    public IReadOnlyList<Problem> Warnings { get; init; } = [];
}
