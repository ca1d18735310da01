namespace IntegrationPoints.Engine.Jobs;

/// <summary>A job was asked to stop, and a step of it ended early for that: there is nothing wrong, and nothing to be said of it.</summary>
/// <param name="job">The job, for logs.</param>
public sealed class JobStoppedException(string job) : Exception($"Job {job} was asked to stop.");
