namespace IntegrationPoints.App.Access;

/// <summary>Keeps one caller from taking the app from all others (429). Behind the sign-in, which counts those who do not get past it.</summary>
public sealed class LimitMiddleware(RequestLimits limits, Caller caller) : IFunctionsWorkerMiddleware
{
    /// <summary>Guards HTTP functions of callers who have signed in; others pass at once, since awaiting before an orchestrator breaks it.</summary>
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && caller.Known is { } identity) limits.Count(http, identity);
        return next(context);
    }
}
