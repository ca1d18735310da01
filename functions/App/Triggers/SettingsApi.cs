using System.Net.Sockets;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>An instance setting and its value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Section">What it belongs to.</param>
/// <param name="Type">What its value is.</param>
/// <param name="Value">The value that holds.</param>
/// <param name="Default">What holds while nobody has set it.</param>
/// <param name="Description">What it does.</param>
/// <param name="Note">In the answer to a change: what does not work with it as things stand; else null.</param>
public sealed record SettingView(string Name, string Section, SettingType Type, string Value, string Default, string Description, string? Note = null);

/// <summary>A new value.</summary>
/// <param name="Value">The value, as text.</param>
public sealed record NewSetting(string Value);

/// <summary>Instance settings over HTTP.</summary>
public sealed class SettingsApi(InstanceSettings settings, OutboundHosts hosts)
{
    private static readonly TimeSpan LongestLookup = TimeSpan.FromSeconds(3);

    /// <summary>Lists the settings.</summary>
    [Function(nameof(ListSettings))]
    [Needs(Operation.AdministerTenant)]
    [Operation("The settings of the instance, with the values that hold.", Answer = typeof(Listing<SettingView>))]
    public async Task<IActionResult> ListSettings(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "settings")] HttpRequest request, CancellationToken cancellationToken)
    {
        var views = new List<SettingView>();
        foreach (var setting in InstanceSetting.All) views.Add(View(setting, (await settings.GetAsync(setting, cancellationToken)).Value));
        return Answer.Ok(new Listing<SettingView>(views));
    }

    /// <summary>Sets a setting.</summary>
    [Function(nameof(SetSetting))]
    [Needs(Operation.AdministerTenant)]
    [Operation("Sets a setting of the instance.", Body = typeof(NewSetting), Answer = typeof(SettingView))]
    public async Task<IActionResult> SetSetting(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "settings/{setting}")] HttpRequest request, string setting, CancellationToken cancellationToken)
    {
        var known = InstanceSetting.Find(setting)
            ?? throw RefusedException.NotFound($"There is no setting {Words.Quote(setting)}. There are: {string.Join(", ", InstanceSetting.All.Select(s => s.Name))}.");
        var value = known.Clean((await JsonBody.ReadAsync<NewSetting>(request, cancellationToken)).Value);
        var before = await settings.GetAsync(known, cancellationToken);
        // Somebody else set it at the same moment; the last one counts.
        while (!await settings.TrySetAsync(known, value, before.ETag, cancellationToken)) before = await settings.GetAsync(known, cancellationToken);
        // By the setting's name: should one ever hold a secret, its name says so.
        request.Audit().Changed(known.Name, known.Name, Named(known, before.Value), Named(known, value));
        return Answer.Ok(View(known, value) with { Note = await NoteAsync(known, cancellationToken) });
    }

    // Not refused: server, port and what is opened are set one after the other. A name that is not found now may be by the time of a mail.
    private async Task<string?> NoteAsync(InstanceSetting changed, CancellationToken cancellationToken)
    {
        if (changed.Name is not (InstanceSetting.SmtpServer or InstanceSetting.SmtpPort or InstanceSetting.AllowedHosts)) return null;
        var server = (await settings.GetAsync(InstanceSetting.Find(InstanceSetting.SmtpServer)!, cancellationToken)).Value;
        if (server.Length == 0) return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestLookup);
        try
        {
            await hosts.CheckAsync(server, await settings.IntegerAsync(InstanceSetting.SmtpPort, cancellationToken), limit.Token);
            return null;
        }
        catch (ConfigurationException e)
        {
            return $"No mail can be sent as it stands. {e.Problem.Message}";
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static Dictionary<string, string> Named(InstanceSetting setting, string value) => new() { [setting.Name] = value };

    private static SettingView View(InstanceSetting setting, string value)
        => new(setting.Name, setting.Section, setting.Type, value, setting.Default, setting.Description);
}
