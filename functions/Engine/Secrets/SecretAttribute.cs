namespace IntegrationPoints.Engine.Secrets;

/// <summary>Marks a setting of a provider that holds the name of a secret, never the secret itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
