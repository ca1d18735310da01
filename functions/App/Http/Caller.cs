namespace IntegrationPoints.App.Http;

/// <summary>Who asks. The app knows no identities yet and listens on loopback only, so it is whoever runs it.</summary>
public sealed class Caller
{
    /// <summary>The caller's name, as the job history shows it.</summary>
    public string Name { get; } = Environment.UserName;
}
