using System.Reflection;
using System.Runtime.CompilerServices;
using IntegrationPoints.LocalHost.Worker;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IntegrationPoints.LocalHost.Builder;

/// <summary>Where a function app starts (Worker.Builder).</summary>
public static class FunctionsApplication
{
    /// <summary>Creates the builder of a function app. Its functions are those of the calling assembly.</summary>
    /// <param name="args">The command line.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The real host would have started this process.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        RefuseRealHost(args, Environment.GetEnvironmentVariable("WEBSITE_SITE_NAME"));
        return new FunctionsApplicationBuilder(args, Assembly.GetCallingAssembly().GetTypes());
    }

    internal static void RefuseRealHost(string[] args, string? siteName)
    {
        var isOnAzure = !string.IsNullOrEmpty(siteName);
        if (isOnAzure || Array.Exists(args, a => a.StartsWith("--functions-uri", StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException(
                "This build holds the host of the developer's machine, but it was started "
                + (isOnAzure ? "on Azure (WEBSITE_SITE_NAME is set)" : "by the Functions host (--functions-uri)")
                + ". Build it with FunctionsRuntime=azure; `dotnet publish` does so by itself.");
        }
    }
}

/// <summary>The ASP.NET Core integration (Worker.Extensions.Http.AspNetCore).</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Lets HTTP functions take ASP.NET Core's <c>HttpRequest</c>; without it there are none.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        builder.HasWeb = true;
        return builder;
    }
}

/// <summary>Middleware (Worker.Core).</summary>
public static class MiddlewareWorkerApplicationBuilderExtensions
{
    /// <summary>
    /// Adds a middleware around every function, inside those added before. It returns nothing: what the worker's returns is no builder that
    /// could build.
    /// </summary>
    /// <typeparam name="T">The middleware; a singleton.</typeparam>
    /// <param name="builder">The builder.</param>
    public static void UseMiddleware<T>(this FunctionsApplicationBuilder builder)
        where T : class, IFunctionsWorkerMiddleware
    {
        builder.Services.TryAddSingleton<T>();
        builder.Middleware.Add(typeof(T));
    }
}
