using System.Text;

namespace IntegrationPoints.LoadGen;

/// <summary>The vocabulary of the generated case: a dispute about a lease.</summary>
internal static class Words
{
    public static readonly string[] People =
    [
        "Ada Marsh", "Bénédicte Roux", "Carlos Núñez", "Dorothea Weiß", "Elif Öztürk", "Farid Haddad", "Grace O'Neill", "Hiroshi Tanaka",
        "Ines Duarte", "Jakub Dvořák", "Κατερίνα Παππά", "Liam Byrne",
    ];

    public static readonly string[] Addresses =
    [
        "ada.marsh@harbourlets.example", "b.roux@harbourlets.example", "cnunez@harbourlets.example", "d.weiss@weiss-partner.example",
        "elif@oztürk.example", "fhaddad@tenants.example", "grace@tenants.example", "tanaka@surveyors.example", "ines.duarte@tenants.example",
        "jakub@surveyors.example", "k.pappa@harbourlets.example", "liam@byrnelaw.example",
    ];

    public static readonly string[] Subjects =
    [
        "Rent review", "Roof survey", "Notice to quit", "Service charge", "Deposit", "Lease renewal", "Break clause", "Repairs, second floor",
        "Meeting on Thursday", "Invoice", "Insurance", "Keys", "Dilapidations", "Sublet", "Draft minutes",
    ];

    public static readonly string[] Folders =
    [
        "Inbox", "Sent Items", @"Archive\Leases", @"Archive\Surveys", @"Matters\Harbour Street\2021", "Ablage Süd",
    ];

    /// <summary>Issues as they stand in a cell: levels joined by a backslash, an ancestor sometimes for itself.</summary>
    public static readonly string[] Issues =
    [
        @"Rent\Arrears", @"Rent\Review", "Rent", @"Repairs\Roof", @"Repairs\Damp", @"Privilege\Attorney-Client", @"Privilege\Work Product\Drafts",
        "Hot", @"Parties\Landlord", @"Parties\Tenant", @"Dates\Notice", @"Dates\Break\2021",
    ];

    public static readonly (string Type, string Extension)[] Attachments =
    [
        ("Memo", ".txt"), ("Spreadsheet", ".csv"), ("Web Page", ".htm"), ("Letter", ".rtf"), ("Message", ".eml"),
    ];

    private static readonly string[] Plain =
    [
        "the", "lease", "tenant", "landlord", "roof", "survey", "rent", "notice", "of", "and", "to", "in", "repair", "shall", "within", "thirty",
        "days", "invoice", "for", "agreed", "meeting", "second", "floor", "charge", "deposit", "with", "before", "clause", "term", "review",
        "please", "attached", "we", "confirm", "harbour", "street", "unit", "inspection", "damp", "window", "keys", "renewal", "party", "law",
    ];

    /// <summary>A length of running text, ASCII, one byte a character, lines of about 90; every text is a window on it.</summary>
    public static string Prose(int length)
    {
        var dice = new Dice(20210409);
        var text = new StringBuilder(length + 16);
        var line = 0;
        while (text.Length < length)
        {
            var word = dice.Pick(Plain);
            text.Append(word);
            line += word.Length + 1;
            if (line < 90)
            {
                text.Append(dice.Chance(8) ? ". " : " ");
                continue;
            }
            text.Append('\n');
            line = 0;
        }
        return text.ToString(0, length);
    }
}
