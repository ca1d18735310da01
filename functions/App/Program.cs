using IntegrationPoints.App;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Checks;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.Notifications;
using IntegrationPoints.App.Secrets;
using IntegrationPoints.App.Statistics;
using IntegrationPoints.App.Telemetry;
using IntegrationPoints.App.Triggers;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.Checks;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Providers.WorkspaceRecords;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<ProblemMiddleware>();
builder.UseMiddleware<SignInMiddleware>();
builder.UseMiddleware<LimitMiddleware>();
builder.UseMiddleware<AuditMiddleware>();
builder.UseMiddleware<AccessMiddleware>();
AddServices(builder.Services, builder.Configuration);
var app = builder.Build();
// Settings that let nobody in, or cannot be read, are found now, and not by the first who asks.
app.Services.GetRequiredService<SignIn>();
app.Services.GetRequiredService<RequestLimits>();
app.Run();

/// <summary>The only wiring: what the app is made of.</summary>
internal static partial class Program
{
    /// <summary>Everything that functions ask for.</summary>
    internal static void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        Export.AddTo(services, configuration);
        var isOnAzure = Environment.GetEnvironmentVariable("WEBSITE_SITE_NAME") is { Length: > 0 };
        var stores = new StoreSettings(configuration, isOnAzure);
        services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(_ => Blobs.Connect(stores.DataStorage, stores.BlobServiceUri))
            .AddSingleton(_ => JobTables.Connect(stores.DataStorage, stores.TableServiceUri))
            .AddSingleton(s => s.GetRequiredService<JobTables>().History)
            .AddSingleton(_ => stores.Records(bulk: false))
            .AddSingleton(_ => new StagingPaths(stores.StagingReaders))
            .AddSingleton<JobFiles>().AddSingleton<ErrorListing>()
            .AddSingleton<Catalog>().AddSingleton<WorkspaceCatalog>().AddSingleton<UserCatalog>().AddSingleton<GroupCatalog>().AddSingleton<PointCatalog>().AddSingleton<ProfileCatalog>()
            .AddSingleton<ProductionCatalog>().AddSingleton<RecordListing>().AddSingleton<ImageListing>().AddSingleton<InstanceSettings>().AddSingleton<FieldCatalog>()
            .AddSingleton<SavedSearchCatalog>().AddSingleton<ViewCatalog>().AddSingleton<FolderCatalog>()
            .AddHostedService<UnreadSettings>().AddHostedService<StoreSetup>();

        var jobs = JobSettings.From(configuration);
        services
            .AddSingleton(jobs).AddSingleton(jobs.Batches)
            .AddSingleton<Sources>().AddSingleton<ErrorFiles>().AddSingleton<Manifests>().AddSingleton<Verifier>().AddSingleton<UsedNames>()
            .AddSingleton<WorkspaceFields>().AddSingleton<WorkspacePreparation>().AddSingleton<LoadFileDestination>().AddSingleton<Destinations>().AddSingleton<ExportOutput>()
            .AddSingleton(s => ActivatorUtilities.CreateInstance<WorkspaceStores>(s, stores.Records(bulk: true)))
            .AddSingleton(s => ActivatorUtilities.CreateInstance<WorkspaceDestination>(s, stores.Records(bulk: true)))
            .AddSingleton(s => ActivatorUtilities.CreateInstance<RecordUndo>(s, stores.Records(bulk: true)))
            .AddSingleton(s => ActivatorUtilities.CreateInstance<RecordLinks>(s, stores.Records(bulk: true)))
            .AddSingleton<JobMoves>().AddSingleton<NewJobs>().AddSingleton<JobStarter>().AddSingleton<JobStop>().AddSingleton<JobRetry>().AddSingleton<JobPause>()
            .AddSingleton<OutboundHosts>().AddSingleton(SecretStore.From(configuration, isOnAzure)).AddSingleton<PointSecrets>().AddSingleton<SecretHealth>().AddSingleton<StoreHealth>().AddSingleton<SecretUses>().AddSingleton<UnusedSecrets>().AddSingleton(s => ActivatorUtilities.CreateInstance<Outside>(s) with { Graph = DirectoryAddresses.From(configuration) }).AddSingleton<JobStores>().AddSingleton<Mailer>()
            .AddSingleton<DueSchedules>().AddSingleton<LeftJobs>().AddSingleton<WaitingUploads>().AddSingleton<UploadedFiles>();

        services
            .AddSingleton<SideRuns>().AddSingleton<Verifications>().AddSingleton<TrialPlaces>()
            .AddSingleton<CheckPreparation>().AddSingleton<ImageChecker>().AddSingleton<CheckEnd>().AddSingleton<CheckStarter>().AddSingleton<CheckRequests>()
            .AddSingleton(s => ActivatorUtilities.CreateInstance<BatchChecker>(s, stores.Records(bulk: true)));

        services.AddSingleton<StatisticsCatalog>().AddSingleton<StatisticsStarter>();

        services
            .AddSingleton(SignInSettings.From(configuration, isOnAzure)).AddSingleton<ApiKeys>().AddSingleton<SignIn>()
            .AddSingleton(_ => new RequestLimits(configuration, isOnAzure));

        services
            .AddSingleton<AuditTrail>().AddSingleton<Refusals>().AddHostedService(s => s.GetRequiredService<Refusals>()).AddSingleton<Caller>().AddSingleton<Principals>().AddSingleton<NameOwners>().AddSingleton<AccessCheck>().AddSingleton<Existing>().AddSingleton<PointCheck>().AddSingleton<SourceTrials>().AddSingleton<PointSchedule>().AddSingleton<PointEdits>()
            .AddSingleton<RecordPages>().AddSingleton<SavedListRequests>()
            .Configure<KestrelServerOptions>(o => o.Limits.MaxRequestBodySize = JsonBody.MaxBytes)
            .Configure<FormOptions>(o => o.MultipartBodyLengthLimit = JsonBody.MaxBytes);
    }
}
