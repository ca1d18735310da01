namespace IntegrationPoints.App.Access;

/// <summary>Who asks. It flows with the call: on Azure a function does not run inside the web server's own flow, which is why no accessor of it would do.</summary>
public sealed class Caller
{
    private readonly AsyncLocal<Identity?> current = new();

    /// <summary>The caller of the HTTP function that is running.</summary>
    public Identity Identity
    {
        get => current.Value ?? new Identity(Environment.UserName) { IsAdministrator = true };
        set => current.Value = value;
    }

    /// <summary>The caller's name, as the job history shows it.</summary>
    public string Name => Identity.Name;
}
