using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Access;

/// <summary>What an HTTP function does, as far as permissions are concerned. Every HTTP function has one; without it nobody gets an answer.</summary>
/// <param name="operation">The operation.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsAttribute(Operation operation) : Attribute
{
    /// <summary>The operation.</summary>
    public Operation Operation { get; } = operation;
}
