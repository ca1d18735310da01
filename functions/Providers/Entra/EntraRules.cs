using System.Text.RegularExpressions;
using IntegrationPoints.Engine;

namespace IntegrationPoints.Providers.Entra;

/// <summary>What the settings of a directory must be to be saved, beyond what their annotations say.</summary>
public static partial class EntraRules
{
    // Microsoft's names for "whichever directory": an application has no secret there.
    private static readonly string[] NoDirectory = ["common", "organizations", "consumers"];

    /// <summary>The settings in their one form: blanks as nothing, ids in small letters.</summary>
    /// <param name="settings">As they were sent.</param>
    /// <param name="problems">What is wrong is added here, with the name of the setting as its field.</param>
    public static EntraSettings Clean(EntraSettings settings, ICollection<Problem> problems)
    {
        var clean = settings with
        {
            DirectoryId = settings.DirectoryId.Trim().ToLowerInvariant(),
            ApplicationId = Blank(settings.ApplicationId)?.ToLowerInvariant(),
            Filter = Blank(settings.Filter),
        };
        CheckDirectory(clean, problems);
        CheckSignIn(clean, problems);
        if (clean.Filter is { } filter && GraphFilter.Check(filter) is { } wrong) problems.Add(wrong with { Field = "filter" });
        return clean;
    }

    private static void CheckDirectory(EntraSettings settings, ICollection<Problem> problems)
    {
        if (settings.DirectoryId.Length == 0 && settings.ManagedIdentity) return;
        if (!Directory().IsMatch(settings.DirectoryId) || NoDirectory.Contains(settings.DirectoryId))
        {
            problems.Add(new Problem("invalid-directory", $"{Words.Quote(settings.DirectoryId)} is no directory. Expected the Directory (tenant) ID of the registered application, such as "
                + "72f988bf-86f1-41af-91ab-2d7cd011db47, or a domain of the directory, such as example.onmicrosoft.com.")
            { Field = "directoryId" });
        }
    }

    private static void CheckSignIn(EntraSettings settings, ICollection<Problem> problems)
    {
        if (settings.ManagedIdentity)
        {
            if (settings.ApplicationId is not null) Report("applicationId", "The app signs in with its own identity. Leave the application out, or switch managedIdentity off.");
            if (settings.Secret is not null) Report("secret", "The app signs in with its own identity, which has no secret. Leave the secret out, or switch managedIdentity off.");
            return;
        }
        if (settings.ApplicationId is not { } application) Report("applicationId", "The application is missing. Give the Application (client) ID of the application that was registered in the directory.");
        else if (!Guid.TryParseExact(application, "D", out _))
            Report("applicationId", $"{Words.Quote(application)} is no id of an application. Expected the Application (client) ID, such as 04b07795-8ddb-461a-bbee-02f9e1bf7b46.");
        if (settings.Secret is null) Report("secret", "The secret is missing. Give the value of a client secret of the application.");

        void Report(string field, string message) => problems.Add(new Problem("invalid-settings", message) { Field = field });
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$")]
    private static partial Regex Directory();
}
