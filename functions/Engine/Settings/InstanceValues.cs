using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Engine.Settings;

/// <summary>
/// What instance settings say of imports, as they held when a job or a check began. It is frozen with the job, so that batches decide alike
/// when somebody changes a setting half-way.
/// </summary>
public sealed record InstanceValues
{
    /// <summary>Types of files that are not taken as natives: endings in lower case, without the dot.</summary>
    public IReadOnlyList<string> RestrictedFileTypes { get; init; } = RestrictedTypes.Read(RestrictedTypes.Usual)!;

    /// <summary>Whether a zero date is an error of its record, where the integration point does not say.</summary>
    public bool CreateErrorForInvalidDate { get; init; } = true;

    /// <summary>What a package may be at most.</summary>
    public PackageLimits Packages { get; init; } = new();
}
