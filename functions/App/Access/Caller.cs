namespace IntegrationPoints.App.Access;

/// <summary>Who asks. It flows with the call: on Azure a function does not run inside the web server's own flow, which is why no accessor of it would do.</summary>
public sealed class Caller
{
    private readonly AsyncLocal<Identity?> current = new();

    /// <summary>The caller of the HTTP function that is running; set when the sign-in proved it.</summary>
    /// <exception cref="InvalidOperationException">No HTTP function runs here: timers, uploads and the steps of jobs have no caller.</exception>
    public Identity Identity
    {
        get => Known ?? throw new InvalidOperationException("Nobody asks: this does not run for an HTTP request of somebody who has signed in.");
        internal set => current.Value = value;
    }

    /// <summary>The caller, or null where nobody had to sign in.</summary>
    public Identity? Known => current.Value;

    /// <summary>The caller's name, as the job history shows it.</summary>
    public string Name => Identity.Name;
}
