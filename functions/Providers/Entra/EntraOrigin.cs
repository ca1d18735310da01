using System.Net;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Spool;

namespace IntegrationPoints.Providers.Entra;

/// <summary>The users of a Microsoft Entra directory (guide 4.7).</summary>
/// <param name="point">The integration point.</param>
/// <param name="outside">The way out.</param>
/// <param name="pages">What the job has of it so far.</param>
internal sealed class EntraOrigin(IntegrationPoint point, Outside outside, SpooledPages<WalkState> pages) : IOrigin
{
    private const int FirstPage = 100;

    // Whoever only looks is told after two minutes that it is slow (SpooledCopy).
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(2);

    private readonly EntraSettings settings = Sources.Read<EntraSettings>(point.Source);

    // One for all that an attempt of an activity tries.
    private readonly Patience patience = Patience.OfAttempt(outside.Time);

    /// <inheritdoc/>
    public Problem Slow => new EntraWords(settings).Slow;

    /// <inheritdoc/>
    public Problem? TooLong => null;

    /// <inheritdoc/>
    public async Task<SourceLayout> LookAsync(CancellationToken cancellationToken)
    {
        using var http = Http();
        var graph = await GraphAsync(http, new Patience(outside.Time, LongestLook, LongestLook), cancellationToken);
        var walk = Walk(graph, UserProperties.All);
        try
        {
            // Of groups until the members of one were had: each step needs consent of its own.
            var state = walk.Begin(FirstPage);
            for (var asked = 0; asked < 3 && !state.IsOver; asked++) state = await walk.StepAsync(state, new HashSet<string>(), new StringBuilder(), cancellationToken);
            return await WithExtensionsAsync(new SourceLayout { Name = new EntraWords(settings).Name, Fields = UserProperties.Fields([]), LinkField = UserProperties.Id }, graph, cancellationToken);
        }
        catch (LaterException)
        {
            throw new ServerException(Slow, mayPass: true);
        }
    }

    // People can be imported without them.
    private static async Task<SourceLayout> WithExtensionsAsync(SourceLayout layout, GraphClient graph, CancellationToken cancellationToken)
    {
        try
        {
            return layout with { Fields = UserProperties.Fields(await new DirectoryExtensions(graph).ListAsync(cancellationToken)) };
        }
        catch (ServerException e) when (!e.MayPass)
        {
            return layout with { Warnings = [e.Problem with { Severity = ProblemSeverity.Warning }] };
        }
    }

    /// <inheritdoc/>
    public async Task<CopyNotes> CopyAsync(Stream copy, CancellationToken cancellationToken)
    {
        using var http = Http();
        var columns = UserProperties.Of(point);
        var rows = new UserRows(columns, (char)point.Import.MultiValue);
        var walk = Walk(await GraphAsync(http, patience, cancellationToken), columns);
        var met = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var (count, state) = (0, walk.Begin());
        while (await patience.FreeAsync(() => pages.FindAsync(count, cancellationToken)) is { } kept) Go(kept);
        while (!state.IsOver)
        {
            if (patience.IsOver) throw new LaterException($"The directory has {count} pages so far and more to come.");
            var page = new StringBuilder();
            var next = await walk.StepAsync(state, met, page, cancellationToken);
            Go(await pages.KeepAsync(count, Encoding.UTF8.GetBytes(page.ToString()), next, cancellationToken));
        }
        await copy.WriteAsync(rows.Header, cancellationToken);
        for (var page = 0; page < count; page++) await pages.AddToAsync(copy, page, cancellationToken);
        return new CopyNotes(new EntraWords(settings).Name) { LinkField = UserProperties.Id, Identifier = UserProperties.Id };

        void Go(WalkState next)
        {
            met.UnionWith(next.Met);
            (count, state) = (count + 1, next);
        }
    }

    private DirectoryWalk Walk(GraphClient graph, IReadOnlyList<UserProperty> columns) => new(settings, columns, new UserRows(columns, (char)point.Import.MultiValue), graph);

    private async Task<GraphClient> GraphAsync(HttpClient http, Patience patience, CancellationToken cancellationToken)
    {
        if (settings.ManagedIdentity) await outside.CheckIdentityAsync(point.Workspace, cancellationToken);
        var secret = await outside.SecretAsync(point.Workspace, settings.Secret, "secret", cancellationToken);
        return new GraphClient(settings, http, new GraphSignIn(settings, secret, outside.Graph, http, new EntraWords(settings)), outside.Graph.GraphOf(settings), patience);
    }

    private HttpClient Http()
    {
        var handler = outside.Hosts.Handler();
        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli;
        handler.SslOptions.RemoteCertificateValidationCallback = outside.Graph.Trust ?? ServerTls.Verify;
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = GraphClient.MostBytes };
    }
}
