using IntegrationPoints.Engine.Searches;
using Microsoft.Data.Sqlite;

namespace IntegrationPoints.Storage;

/// <summary>
/// What SQL of SQLite lacks: text without regard to the case of any letter, and exact decimals. Connections that use an index or a filter have them.
/// </summary>
internal static class SqliteFunctions
{
    /// <summary>
    /// Adds <c>fold(text)</c>, <c>holds(text, folded)</c>, <c>begins(text, folded)</c>, and <c>amount_order(number, number)</c>: below, at or above 0;
    /// null when one is no number.
    /// </summary>
    public static void AddTo(SqliteConnection connection)
    {
        connection.CreateFunction<string?, string?>("fold", static text => text is null ? null : TextFold.Of(text), isDeterministic: true);
        connection.CreateFunction<string?, string, bool>("holds", static (text, value) => Matches(text, TextMatch.Contains, value), isDeterministic: true);
        connection.CreateFunction<string?, string, bool>("begins", static (text, value) => Matches(text, TextMatch.StartsWith, value), isDeterministic: true);
        connection.CreateFunction<string?, string, int?>(
            "amount_order", static (number, other) => number is null ? null : Amounts.Compare(number, other), isDeterministic: true);
    }

    private static bool Matches(string? text, TextMatch match, string folded) => text is not null && TextFold.Matches(TextFold.Of(text), match, folded);
}
