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
}
