namespace IntegrationPoints.Engine.Secrets;

/// <summary>
/// Says that a setting of a provider has a part in where the secrets beside it are sent, whose they are, or who is trusted there. When it changes, kept
/// secrets have to be entered again: else whoever may edit the settings could have a password, which they do not know, sent to a server of their own.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretTargetAttribute : Attribute;
