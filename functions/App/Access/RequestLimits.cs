using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using IntegrationPoints.App.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Access;

/// <summary>
/// How many requests a minute one caller may make, or one address before it has signed in: <c>Limits:RequestsPerMinute</c>, 0 for any number. Each
/// instance of the app counts for itself, so that a caller whose requests reach several may make as many of each.
/// </summary>
public sealed class RequestLimits : IDisposable
{
    private const int Usual = 1200;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string>? limiter;
    private readonly int most;
    private readonly bool onAzure;

    /// <summary>The limits of an instance.</summary>
    /// <param name="configuration">The app's settings.</param>
    /// <param name="onAzure">Whether Azure's front end stands before the app and says from where a request comes.</param>
    /// <exception cref="InvalidOperationException">The setting is no such number.</exception>
    public RequestLimits(IConfiguration configuration, bool onAzure)
    {
        this.onAzure = onAzure;
        var text = configuration["Limits:RequestsPerMinute"];
        most = string.IsNullOrWhiteSpace(text) ? Usual
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new InvalidOperationException("Limits__RequestsPerMinute is not a whole number. Expected the most requests of one caller a minute, or 0 for any number.");
        if (most > 0)
        {
            limiter = PartitionedRateLimiter.Create<string, string>(who => RateLimitPartition.GetFixedWindowLimiter(
                who, _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = Window, QueueLimit = 0 }));
        }
    }

    /// <summary>Counts a request of somebody who has signed in.</summary>
    /// <exception cref="RefusedException">429 with the header Retry-After.</exception>
    public void Count(HttpContext http, Identity caller) => Count(http, $"caller {caller.ObjectId ?? caller.Name}");

    /// <summary>Counts a request of whoever has not signed in, by the address.</summary>
    /// <exception cref="RefusedException">429 with the header Retry-After.</exception>
    public void CountStranger(HttpContext http) => Count(http, $"address {AddressOf(http)}");

    /// <inheritdoc/>
    public void Dispose() => limiter?.Dispose();

    private void Count(HttpContext http, string who)
    {
        using var lease = limiter?.AttemptAcquire(who);
        if (lease is null or { IsAcquired: true }) return;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : Window;
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        throw RefusedException.TooMany("too-many-requests", string.Create(CultureInfo.InvariantCulture,
            $"These are more than {most} requests in a minute. Go on in {seconds} seconds, as the header Retry-After says."), seconds);
    }

    // On Azure the worker's own web server has taken the address at the end of the header, which Azure wrote, into the connection, and out of the
    // header (Worker.Extensions.Http.AspNetCore, UseForwardedHeaders); what is left of the header anybody can have written. It counts only where
    // the connection still shows the host beside the worker.
    private string AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (onAzure && (address is null || IPAddress.IsLoopback(address)) && http.Request.Headers["X-Forwarded-For"] is [.., { } last]
            && IPEndPoint.TryParse(last.Split(',')[^1].Trim(), out var end))
        {
            address = end.Address;
        }
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        // Whoever has one IPv6 address usually has all of the network's.
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
