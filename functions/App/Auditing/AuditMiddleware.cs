using System.Security.Cryptography;
using System.Text.RegularExpressions;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Auditing;

/// <summary>
/// Enters in the audit what HTTP functions do. It stands around the check of rights, so that refusals are entered too, by <see cref="Refusals"/>.
/// <para>A function that returns its answer has not answered when it returns: on Azure (FunctionsHttpProxyingMiddleware, the outermost one) and on the
/// local host the result is executed after all middleware has ended, so that the entry is written before the first byte. A function that writes
/// files or records to the response itself has begun to answer by then, so that it calls <see cref="AuditDraft.WriteAsync"/> before it does.</para>
/// </summary>
public sealed partial class AuditMiddleware(AuditTrail trail, Refusals refusals, Caller caller, JobTables tables, TimeProvider time) : IFunctionsWorkerMiddleware
{
    private const int IdLength = 32, LongestWorkspace = 200;

    /// <summary>Audits HTTP functions; others pass at once, since awaiting before an orchestrator breaks it.</summary>
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http) return next(context);
        return AuditedFunctions.All.TryGetValue(context.FunctionDefinition.Name, out var function) ? AuditAsync(http, function, context, next) : RefusedOnlyAsync(http, context, next);
    }

    private async Task RefusedOnlyAsync(HttpContext http, FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (RefusedException e) when (IsRefused(e))
        {
            var action = WordStart().Replace(context.FunctionDefinition.Name, "-$0").ToLowerInvariant();
            await refusals.WriteAsync(Refused(await EntryAsync(http, new AuditedFunction(action, "workspace", "workspace", Changes: false)), e));
            throw;
        }
    }

    private async Task AuditAsync(HttpContext http, AuditedFunction function, FunctionContext context, FunctionExecutionDelegate next)
    {
        var draft = new AuditDraft(await EntryAsync(http, function), function.Changes ? trail.EndAsync : trail.WriteAsync);
        http.Items[typeof(AuditDraft)] = draft;
        if (function.Changes) await trail.BeginAsync(draft.Entry);
        try
        {
            await next(context);
        }
        catch (Exception e)
        {
            if (!draft.IsWritten) await FailedAsync(function, draft, e);
            throw;
        }
        await draft.WriteAsync();
    }

    private async Task FailedAsync(AuditedFunction function, AuditDraft draft, Exception failure)
    {
        var (entry, problem) = (draft.Entry, ProblemDetails.Of(failure, ""));
        if (failure is RefusedException refused && IsRefused(refused))
        {
            // The note may name a workspace that the caller does not see; the entry is another then.
            await refusals.WriteAsync(Refused(entry, refused));
            if (function.Changes) await trail.ForgetAsync(entry);
        }
        else if (draft.IsTrial && failure is ConfigurationException)
        {
            // The caller's mistake, but a server may have been asked: who looks for hosts or passwords is seen.
            await refusals.WriteAsync(entry with { Outcome = AuditOutcome.Failed, Code = problem.Code });
            await trail.ForgetAsync(entry);
        }
        else if (!function.Changes)
        {
            return;
        }
        else if (problem.Status < StatusCodes.Status500InternalServerError)
        {
            // A mistake of the caller: nothing was done.
            await trail.ForgetAsync(entry);
        }
        else
        {
            try
            {
                await trail.EndAsync(entry with { Outcome = AuditOutcome.Failed, Code = failure is OperationCanceledException ? "cut-off" : problem.Code });
            }
            catch (RefusedException)
            {
                // Logged, and tried again; the caller is told of the failure itself.
            }
        }
    }

    // Who asks for too much at once is seen like who asks for what is not theirs.
    private static bool IsRefused(RefusedException e) => e.Status is StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests || e.IsUnseen;

    // What the caller does not see may not be there at all: no list is begun for it, and administrators see who asks for it.
    private static AuditEntry Refused(AuditEntry entry, RefusedException e) => entry with
    {
        Outcome = AuditOutcome.Refused,
        Code = e.Code,
        Before = null,
        After = null,
        Workspace = e.IsUnseen ? null : entry.Workspace,
        Kind = e.IsUnseen ? "workspace" : entry.Kind,
        SubjectId = e.IsUnseen ? entry.Workspace ?? entry.SubjectId : entry.SubjectId,
    };

    private async Task<AuditEntry> EntryAsync(HttpContext http, AuditedFunction function)
    {
        var (route, who) = (http.Request.RouteValues, caller.Identity);
        var entry = new AuditEntry
        {
            Id = RandomNumberGenerator.GetHexString(IdLength, lowercase: true),
            TimeUtc = time.GetUtcNow(),
            // No id is longer; what names nothing gets no list of its own.
            Workspace = route["workspace"]?.ToString() is { Length: <= LongestWorkspace } workspace ? workspace : null,
            Who = who.Name,
            WhoId = who.ObjectId,
            Action = function.Action,
            Kind = function.Kind,
            SubjectId = function.Id is null ? null : route[function.Id]?.ToString(),
            // Until it is found: the address may hold the name of a private one.
            PrivateTo = function.Kind is AuditedFunctions.SavedSearch or AuditedFunctions.View ? who.Name : null,
        };
        if (route["job"]?.ToString() is not { Length: > 0 } id) return entry;
        var job = await tables.History.GetAsync(id, http.RequestAborted);
        return entry with { Workspace = job?.Workspace, SubjectId = job?.JobId ?? id, SubjectName = job?.Name, JobId = job?.JobId };
    }

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex WordStart();
}
