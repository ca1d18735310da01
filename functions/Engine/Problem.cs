using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine;

/// <summary>Whether a problem stands for one record or for the whole job.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProblemLevel>))]
public enum ProblemLevel
{
    /// <summary>One record of the source is concerned; the others go on.</summary>
    [JsonStringEnumMemberName("item")] Item,

    /// <summary>The job cannot go on; the user must mend something.</summary>
    [JsonStringEnumMemberName("job")] Job,
}

/// <summary>Whether a problem keeps its record out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProblemSeverity>))]
public enum ProblemSeverity
{
    /// <summary>The record was rejected, or the job failed.</summary>
    [JsonStringEnumMemberName("error")] Error,

    /// <summary>Worth knowing; the record was written all the same and no count changes.</summary>
    [JsonStringEnumMemberName("warning")] Warning,
}

/// <summary>One thing that went wrong, in words that a user can act on.</summary>
/// <param name="Code">Stable kebab-case code, such as <c>invalid-date</c>.</param>
/// <param name="Message">What is wrong, where, what was expected and what to do. An item-level message names the line.</param>
public sealed record Problem(string Code, string Message)
{
    private const int LongestTogether = 3000;

    /// <summary>Item or job.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public ProblemLevel Level { get; init; } = ProblemLevel.Job;

    /// <summary>Error or warning.</summary>
    public ProblemSeverity Severity { get; init; }

    /// <summary>The physical line of the load file on which the record begins, from 1; null where there is no file.</summary>
    public long? Line { get; init; }

    /// <summary>The record's identifier as the source has it; null when it could not be read.</summary>
    public string? SourceId { get; init; }

    /// <summary>The column or field concerned; of a body that was sent the member, such as <c>mapping[3].destination</c>.</summary>
    public string? Field { get; init; }

    /// <summary>Where <see cref="Field"/> is a member of a body: the workspace's field or the source's column that it is about; null: that is no field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Name { get; init; }

    /// <summary>
    /// A problem of one record. The message begins with where it is: <c>docs.dat, line 5, field "Sent": </c>, then <paramref name="reason"/>.
    /// </summary>
    /// <param name="file">The name of the load file.</param>
    /// <param name="code">Stable kebab-case code.</param>
    /// <param name="line">The line on which the record begins.</param>
    /// <param name="sourceId">The record's identifier as the source has it; null when it could not be read.</param>
    /// <param name="field">The column or field concerned; null when it is the whole row.</param>
    /// <param name="reason">What is wrong, what was expected and what to do, as <see cref="Values.ConvertedValue.Reason"/> says it.</param>
    public static Problem Item(string file, string code, long line, string? sourceId, string? field, string reason)
        => new(code, Place(file, line, field) + reason)
        {
            Level = ProblemLevel.Item,
            Line = line,
            SourceId = sourceId,
            Field = field,
        };

    /// <summary>The message of a problem of one record without its beginning, for places that show line and field themselves.</summary>
    /// <param name="file">The name of the load file.</param>
    public string ReasonIn(string file)
        => Line is { } line && Place(file, line, Field) is var place && Message.StartsWith(place, StringComparison.Ordinal) ? Message[place.Length..] : Message;

    /// <summary>
    /// Several problems of a job as one, with the code of the first and the words of all; of very many the first, and how many more there are.
    /// </summary>
    /// <param name="problems">At least one.</param>
    public static Problem Together(IReadOnlyList<Problem> problems)
    {
        var words = new StringBuilder(problems[0].Message);
        var said = 1;
        // Steps of an orchestration hand it on, in messages of 4 KB (design, Rules of orchestration 2).
        for (; said < problems.Count && words.Length + problems[said].Message.Length < LongestTogether; said++) words.Append(' ').Append(problems[said].Message);
        if (said < problems.Count) words.Append(CultureInfo.InvariantCulture, $" And {problems.Count - said} more; mend these first.");
        return problems[0] with { Message = words.ToString() };
    }

    private static string Place(string file, long line, string? field)
        => string.Create(CultureInfo.InvariantCulture, $"{Words.Shorten(file)}, line {line}{(field is null ? "" : $", field {Words.Quote(field)}")}: ");
}

/// <summary>Ends a step because the user must mend something first. Activities turn it into a returned problem; it never reaches the orchestrator.</summary>
public sealed class ConfigurationException(Problem problem) : Exception(problem.Message)
{
    /// <summary>What the user has to mend.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>A configuration problem of this code and these words.</summary>
    public ConfigurationException(string code, string message) : this(new Problem(code, message)) { }
}
