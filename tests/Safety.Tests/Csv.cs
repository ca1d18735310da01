using System.Text;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Reads lists as spreadsheets do (RFC 4180).</summary>
internal static class Csv
{
    /// <summary>The rows of a list, each with its cells.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(string text)
    {
        var (rows, row, cell, isQuoted) = (new List<IReadOnlyList<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '"' when isQuoted && i + 1 < text.Length && text[i + 1] == '"':
                    cell.Append(text[i++]);
                    break;
                case '"' when isQuoted || cell.Length == 0:
                    isQuoted = !isQuoted;
                    break;
                case ',' when !isQuoted:
                    End();
                    break;
                case '\n' when !isQuoted:
                    End();
                    rows.Add(row);
                    row = [];
                    break;
                case '\r' when !isQuoted:
                    break;
                default:
                    cell.Append(c);
                    break;
            }
        }
        return rows;

        void End()
        {
            row.Add(cell.ToString());
            cell.Clear();
        }
    }
}
