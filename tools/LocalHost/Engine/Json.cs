using System.Text.Json;

namespace IntegrationPoints.LocalHost.Engine;

/// <summary>Inputs and outputs go through System.Text.Json with its defaults, as on the worker; null stays null.</summary>
internal static class Json
{
    public static string? Write(object? value) => value switch
    {
        null => null,
        // The real client has an overload that takes the token in this place; here it would become data without a word.
        CancellationToken => throw new ArgumentException("A cancellation token was passed as data: name the parameter 'cancellation'."),
        _ => JsonSerializer.Serialize(value, value.GetType()),
    };

    public static T? Read<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json);

    public static object? Read(string? json, Type type) =>
        json is not null ? JsonSerializer.Deserialize(json, type)
        : type.IsValueType ? Activator.CreateInstance(type)
        : null;
}
