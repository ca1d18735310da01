using System.Net.Sockets;
using IntegrationPoints.Engine;

namespace IntegrationPoints.Providers.Connections;

/// <summary>A server could not be reached, or did not give what it was asked for.</summary>
/// <param name="problem">Why, in words that a user can act on.</param>
/// <param name="mayPass">Whether the same may succeed a little later: nobody has to mend anything first.</param>
/// <param name="cause">What happened, for logs.</param>
internal sealed class ServerException(Problem problem, bool mayPass, Exception? cause = null) : Exception(problem.Message, cause)
{
    /// <summary>Why.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>Whether it is worth another attempt.</summary>
    public bool MayPass { get; } = mayPass;

    /// <summary>No connection came about: <c>connection-failed</c>.</summary>
    /// <param name="server">The server in words, such as <c>the FTP server "files.example.com", port 21</c>.</param>
    /// <param name="e">What happened.</param>
    public static ServerException Unreachable(string server, SocketException e)
    {
        var (said, mayPass) = e.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData => ("was not found: no such name is known. Check the host name.", false),
            SocketError.TryAgain => ("was not found: the name servers do not answer. Try again later.", true),
            SocketError.ConnectionRefused => ("refuses the connection: nothing listens there. Check port and protocol, and whether the server runs.", true),
            SocketError.TimedOut => ("does not answer. Check host and port, and that a firewall lets connections from here through.", true),
            var other => ($"cannot be reached ({other}). Check host and port, and that a firewall lets connections from here through.", true),
        };
        return new(new Problem("connection-failed", $"{char.ToUpperInvariant(server[0])}{server[1..]}, {said}"), mayPass, e);
    }
}
