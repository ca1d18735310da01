using System.CommandLine;
using System.Text;

namespace IntegrationPoints.Cli.Commands;

/// <summary>
/// Secrets for a command: asked for without showing what is typed, read from standard input, or from files. None of them stands on the command line, where
/// histories and lists of processes show it, and none is ever printed.
/// </summary>
internal sealed class SecretOptions
{
    private readonly Option<string[]> _asked = new("--secret")
    {
        Description = "A setting that is secret; its value is asked for, or is a line of standard input when that is redirected (one each, in order).",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _files = new("--secret-file")
    {
        Description = "A setting that is secret, such as a key; its value is what the file holds.",
        HelpName = "NAME=PATH",
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_asked, _files];

    /// <summary>Whether any is given.</summary>
    public bool IsGiven(Call call) => call.Get(_asked) is { Length: > 0 } || call.Get(_files) is { Length: > 0 };

    /// <summary>The secrets by setting.</summary>
    /// <exception cref="UsageException">One is given twice, or its value is not there.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(Call call)
    {
        var secrets = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // What can be wrong without asking is said before anybody types.
        foreach (var pair in call.Get(_files) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || equals == pair.Length - 1) throw new UsageException("--secret-file: expected NAME=PATH, such as privateKey=id_ed25519.");
            Add(pair[..equals].Trim(), FileContent(pair[..equals].Trim(), pair[(equals + 1)..]));
        }
        var asked = call.Get(_asked) ?? [];
        foreach (var name in asked)
        {
            // Whatever stands behind the sign may be the secret.
            var equals = name.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0) throw new UsageException($"--secret {name[..equals]}: name the setting only. Its value is asked for, or read from standard input.");
            Add(name, "");
        }
        using var input = Console.IsInputRedirected && asked.Length > 0 ? new StreamReader(Console.OpenStandardInput(), Encoding.UTF8) : null;
        foreach (var name in asked)
        {
            var value = input is null ? await TypedAsync(name, call.Cancel) : await input.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(call.Cancel);
            if (string.IsNullOrEmpty(value)) throw new UsageException($"--secret {name}: its value is empty.{(input is null ? "" : " Standard input has a line for each --secret, in their order.")}");
            secrets[name] = value;
        }
        return secrets;

        void Add(string name, string value)
        {
            if (!secrets.TryAdd(name, value)) throw new UsageException($"The secret {name} is given twice.");
        }
    }

    // Waits for keys instead of reading: a read cannot be interrupted.
    private static async Task<string> TypedAsync(string name, CancellationToken cancellationToken)
    {
        // The terminal shows what is typed until the console has looked for keys once: the prompt comes after that.
        var isTyped = Console.KeyAvailable;
        await Console.Error.WriteAsync($"{name}: ");
        var typed = new StringBuilder();
        while (true)
        {
            for (; !isTyped; isTyped = Console.KeyAvailable) await Task.Delay(20, cancellationToken);
            isTyped = false;
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }
        await Console.Error.WriteLineAsync();
        return typed.ToString();
    }

    private static string FileContent(string name, string path)
    {
        try
        {
            var content = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
            // A password in a file has a line end because editors put one there; a key has it because its format does.
            var line = content.TrimEnd('\r', '\n');
            if (line.Length == 0) throw new UsageException($"--secret-file {name}: the file {path} is empty.");
            return line.Contains('\n', StringComparison.Ordinal) ? content : line;
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException($"--secret-file {name}: the file {path} is no text in UTF-8.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(File.Exists(path) ? $"--secret-file {name}: the file {path} cannot be read." : $"--secret-file {name}: there is no file {path}.");
        }
    }
}
