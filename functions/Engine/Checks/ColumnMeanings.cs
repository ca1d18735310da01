using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Engine.Checks;

/// <summary>What a column of a production says beyond its value.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnMeaning>))]
public enum ColumnMeaning
{
    /// <summary>The first Bates number of a document.</summary>
    [JsonStringEnumMemberName("begin-bates")] BeginBates,

    /// <summary>Its last Bates number.</summary>
    [JsonStringEnumMemberName("end-bates")] EndBates,

    /// <summary>The first Bates number of its family.</summary>
    [JsonStringEnumMemberName("begin-attachment")] BeginAttachment,

    /// <summary>The last Bates number of its family.</summary>
    [JsonStringEnumMemberName("end-attachment")] EndAttachment,

    /// <summary>The name of its family.</summary>
    [JsonStringEnumMemberName("group")] Group,

    /// <summary>The identifier of the document that it is attached to.</summary>
    [JsonStringEnumMemberName("parent")] Parent,

    /// <summary>How many pages it has.</summary>
    [JsonStringEnumMemberName("pages")] Pages,

    /// <summary>The hash of its native: MD5, SHA-1 or SHA-256, told apart by their length.</summary>
    [JsonStringEnumMemberName("hash")] Hash,
}

/// <summary>
/// Which columns mean something: by the names that processing and review tools give them (letters and digits compared, in any case), unless
/// the check is told otherwise.
/// </summary>
public static class ColumnMeanings
{
    private static readonly Dictionary<ColumnMeaning, string[]> Usual = new()
    {
        [ColumnMeaning.BeginBates] =
        [
            "BEGBATES", "BATESBEG", "BEGINBATES", "BATESBEGIN", "BEGINNINGBATES", "BEGBATESNO", "BEGBATESNUMBER", "BATESSTART", "STARTBATES", "FIRSTBATES",
            "PRODBEG", "PRODBEGBATES", "BEGPROD", "PRODBEGDOC", "PRODUCTIONBEGINBATES", "PRODUCTIONBEGBATES", "PRODUCTIONBEGINNINGBATES", "BEGPRODBATES",
            "BEGDOC", "BEGINDOC", "DOCBEG", "DOCBEGBATES", "BEGNO", "BEGINNO", "BEGCONTROL", "BEGINNUMBER",
        ],
        [ColumnMeaning.EndBates] =
        [
            "ENDBATES", "BATESEND", "ENDINGBATES", "ENDBATESNO", "ENDBATESNUMBER", "LASTBATES", "PRODEND", "PRODENDBATES", "ENDPROD", "PRODENDDOC",
            "PRODUCTIONENDBATES", "PRODUCTIONENDINGBATES", "ENDPRODBATES", "ENDDOC", "DOCEND", "DOCENDBATES", "ENDNO", "ENDCONTROL", "ENDNUMBER",
        ],
        [ColumnMeaning.BeginAttachment] =
        [
            "BEGATTACH", "BEGATT", "ATTACHBEG", "BEGINATTACH", "BEGATTACHMENT", "BEGINATTACHMENT", "ATTACHMENTBEGIN", "BEGINNINGATTACHMENT", "BATESBEGATTACH",
            "BEGBATESATTACH", "PRODBEGATTACH", "BEGPRODATTACH", "PRODUCTIONBEGINATTACHMENT", "BEGATTACHNO", "ATTACHSTART", "BEGFAM", "BEGFAMILY", "FAMILYBEG", "BEGRANGE",
        ],
        [ColumnMeaning.EndAttachment] =
        [
            "ENDATTACH", "ENDATT", "ATTACHEND", "ENDATTACHMENT", "ATTACHMENTEND", "ENDINGATTACHMENT", "BATESENDATTACH", "ENDBATESATTACH", "PRODENDATTACH",
            "ENDPRODATTACH", "PRODUCTIONENDATTACHMENT", "ENDATTACHNO", "ENDFAM", "ENDFAMILY", "FAMILYEND", "ENDRANGE",
        ],
        [ColumnMeaning.Group] = ["GROUPIDENTIFIER", "GROUPID", "FAMILYID", "FAMID", "FAMILYGROUP", "FAMILYGROUPID", "FAMILYIDENTIFIER", "ATTACHGROUP", "ATTACHGROUPID"],
        [ColumnMeaning.Parent] =
        [
            "PARENTID", "PARENTDOCID", "PARENTDOCUMENT", "PARENTDOCUMENTID", "PARENTDOC", "PARENTBATES", "PARENTBEGBATES", "PARENTCONTROLNUMBER", "PARENTNO", "PARENT",
        ],
        [ColumnMeaning.Pages] = ["PAGES", "PAGECOUNT", "PGCOUNT", "PAGECNT", "PGCNT", "NUMPAGES", "NUMBEROFPAGES", "DOCPAGES", "IMAGECOUNT"],
        [ColumnMeaning.Hash] =
        [
            "MD5HASH", "MD5", "HASHMD5", "MD5HASHVALUE", "MD5VALUE", "FILEMD5", "SHA1HASH", "SHA1", "HASHSHA1", "SHA1HASHVALUE", "SHA256HASH", "SHA256",
            "HASHSHA256", "SHA256HASHVALUE", "HASH", "HASHVALUE", "FILEHASH", "DOCHASH", "DIGEST",
        ],
    };

    /// <summary>The column of each meaning.</summary>
    /// <param name="columns">The source's columns, in order.</param>
    /// <param name="told">Columns by their meaning, as the check was told; a blank name: none has it.</param>
    /// <param name="identifier">The identifier's column, which is a document's only number in many productions and means nothing else.</param>
    /// <exception cref="ConfigurationException"><c>column-missing</c>: there is no column of a name that was told.</exception>
    public static IReadOnlyDictionary<ColumnMeaning, int> Find(
        IReadOnlyList<SourceField> columns, IReadOnlyDictionary<ColumnMeaning, string> told, int? identifier)
    {
        var found = new Dictionary<ColumnMeaning, int>();
        foreach (var (meaning, names) in Usual)
        {
            if (told.TryGetValue(meaning, out var name))
            {
                if (!string.IsNullOrWhiteSpace(name)) found[meaning] = Named(columns, name);
                continue;
            }
            // In the order of the table, so that the most telling name wins where there are several.
            var index = names.Select(n => IndexOf(columns, n, identifier, meaning)).FirstOrDefault(i => i >= 0, -1);
            if (index >= 0) found[meaning] = index;
        }
        return found;
    }

    private static int IndexOf(IReadOnlyList<SourceField> columns, string name, int? identifier, ColumnMeaning meaning)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if ((i != identifier || meaning == ColumnMeaning.BeginBates) && Fold(columns[i].Name) == name) return i;
        }
        return -1;
    }

    private static int Named(IReadOnlyList<SourceField> columns, string name)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Name.Trim().Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)) return i;
        }
        throw new ConfigurationException("column-missing",
            $"The load file has no column {Words.Quote(name)}, which the check was told to look at. There are {Words.List([.. columns.Select(c => c.Name)])}.");
    }

    private static string Fold(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
