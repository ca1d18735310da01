using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers;

namespace IntegrationPoints.App.Secrets;

/// <summary>
/// The secrets of integration points and profiles. Each belongs to the one that it was sent to: nobody can name another's, and who makes one of
/// another gets secrets of its own. A name is used once, and the secret is kept before whatever names it is stored. Nothing here takes a secret away:
/// <see cref="UnusedSecrets"/> does, when nothing names it any more.
/// </summary>
public sealed class PointSecrets(ISecrets secrets)
{
    /// <summary>What a client asks its user again for.</summary>
    public const string NeededAgain = "secret-needed-again";

    // Azure Key Vault takes 25 kB; keys of RSA with 16,384 bits have 13.
    private const int MostBytes = 20 * 1024;

    /// <summary>What keeps settings from having the secrets that they have.</summary>
    /// <param name="source">The settings, in the form in which they are kept.</param>
    /// <param name="before">The ones that are stored already; null: none are.</param>
    /// <returns>Problems whose fields are settings.</returns>
    internal static IEnumerable<Problem> Check(ProviderSettings source, ProviderSettings? before)
    {
        var type = Sources.Settings[source.Provider];
        var now = source.Settings.Deserialize(type, ApiJson.Options)!;
        var was = before?.Provider == source.Provider ? before.Settings.Deserialize(type, ApiJson.Options) : null;
        var moved = was is null ? [] : type.GetProperties().Where(p => p.IsDefined(typeof(SecretTargetAttribute)) && !Equals(p.GetValue(was), p.GetValue(now))).Select(NameOf).ToList();
        foreach (var property in Secrets(type))
        {
            var name = NameOf(property);
            switch (property.GetValue(now))
            {
                case Secret { Value: { } value } when Encoding.UTF8.GetByteCount(value) > MostBytes:
                    yield return new("secret-too-long", $"The setting {Words.Quote(name)} is longer than {MostBytes / 1024} kB, the most that is kept. Check that it is what it should be.") { Field = name };
                    break;
                case Secret { Name: { } named } when (was is null ? null : property.GetValue(was) as Secret)?.Name != named:
                    yield return new(NeededAgain, $"The setting {Words.Quote(name)} names a secret that is not kept for it. Send the secret itself, as text.") { Field = name };
                    break;
                case Secret { Name: not null } when moved.Count > 0:
                    yield return new(NeededAgain, $"The setting {Words.Quote(name)} was entered for another server or user: {Words.List(moved)} changed. Send it again, as text; who does not know it cannot have it sent elsewhere.") { Field = name };
                    break;
            }
        }
    }

    /// <summary>Keeps the secrets that were sent, each under a name that none had before: the last step before what names them is stored.</summary>
    /// <returns>The settings with names in their place.</returns>
    internal async Task<ProviderSettings> KeptAsync(string workspace, ProviderSettings source, CancellationToken cancellationToken)
    {
        var settings = Members(source);
        foreach (var property in Secrets(Sources.Settings[source.Provider]))
        {
            var name = NameOf(property);
            if (settings[name]?.Deserialize<Secret>() is not { Value: { } value }) continue;
            var fresh = SecretNames.Fresh(name);
            await secrets.SetAsync(SecretNames.Of(workspace, fresh), value, cancellationToken);
            settings[name] = JsonSerializer.SerializeToNode(Secret.Named(fresh));
        }
        return source with { Settings = JsonSerializer.SerializeToElement(settings) };
    }

    /// <summary>The settings with the secrets themselves, for something new that is made of what they belong to: it keeps them again, as its own.</summary>
    /// <param name="of">What they belong to.</param>
    /// <param name="workspace">The workspace of what is made. Secrets do not leave theirs: in another they have to be given.</param>
    /// <param name="given">By setting, secrets that are given anew.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RefusedException">400: some have to be given, or are none of the provider's settings.</exception>
    internal async Task<ProviderSettings> OpenedAsync(
        IntegrationPoint of, string workspace, IReadOnlyDictionary<string, Secret> given, CancellationToken cancellationToken)
    {
        if (!Sources.Settings.TryGetValue(of.Source.Provider, out var type)) return of.Source;
        var (settings, problems) = (Members(of.Source), new List<Problem>());
        var names = Secrets(type).Select(NameOf).ToList();
        foreach (var (name, secret) in given)
        {
            if (secret?.Value is null) problems.Add(At(name, "invalid-value", "Expected the secret itself, as text."));
            else if (names.Find(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } setting) settings[setting] = secret.Value;
            else problems.Add(At(name, "unknown-member", names.Count == 0 ? $"The provider {of.Source.Provider} has no secrets." : $"Expected one of: {string.Join(", ", names)}."));
        }
        foreach (var name in names)
        {
            if (settings[name]?.Deserialize<Secret>() is not { Name: { } kept }) continue;
            if (of.Workspace == workspace && await secrets.GetAsync(SecretNames.Of(workspace, kept), cancellationToken) is { } value) settings[name] = value;
            else problems.Add(At(name, NeededAgain, of.Workspace == workspace ? "It is not kept any more. Send it again, as text." : "Secrets do not leave their workspace. Send it again, as text."));
        }
        return problems.Count == 0 ? of.Source with { Settings = JsonSerializer.SerializeToElement(settings) } : throw RefusedException.Bad(problems);
    }

    /// <summary>Whether sources of a provider may have secrets.</summary>
    internal static bool Has(string provider) => Sources.Settings.TryGetValue(provider, out var type) && Secrets(type).Any();

    /// <summary>The names of the secrets that settings refer to.</summary>
    internal static IEnumerable<string> NamesIn(ProviderSettings source)
        => Sources.Settings.TryGetValue(source.Provider, out var type) && source.Settings.ValueKind == JsonValueKind.Object
            ? Secrets(type).Select(p => Members(source)[NameOf(p)]?.Deserialize<Secret>()?.Name).OfType<string>()
            : [];

    private static IEnumerable<PropertyInfo> Secrets(Type type) => type.GetProperties().Where(p => p.PropertyType == typeof(Secret));

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static JsonObject Members(ProviderSettings source) => JsonObject.Create(source.Settings, new JsonNodeOptions { PropertyNameCaseInsensitive = true })!;

    private static Problem At(string name, string code, string what) => new(code, $"The secret {Words.Quote(name)}: {what}") { Field = $"secrets.{name}" };
}
