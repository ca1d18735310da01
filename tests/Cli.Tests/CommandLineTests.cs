namespace IntegrationPoints.Cli.Tests;

/// <summary>
/// Exit codes and words for command lines that cannot be carried out (contract of the command line; design, API, command line, errors).
/// </summary>
public sealed class CommandLineTests
{
    public static TheoryData<string, string[], string> Wrong => new()
    {
        { "no command", [], "Required command was not provided." },
        { "a verb is missing", ["workspace"], "See `ip workspace --help`." },
        { "an unknown command", ["workspaces"], "'workspaces'" },
        { "an unknown option", ["workspace", "list", "--all"], "'--all'" },
        { "an option is missing", ["import", "tests/data/sample/documents.dat"], "--workspace" },
        { "an unknown output", ["workspace", "list", "--output", "xml"], "xml" },
        { "not a number", ["import", "f", "-w", "w", "--column", "tab"], "'tab' for option '--column' as a whole number" },
        { "an unknown store", ["dev", "up", "--records", "oracle"], "oracle" },
        { "an unknown mode", ["import", "f", "-w", "w", "--overwrite", "upsert"], "upsert" },
        { "not an address", ["workspace", "list", "--url", "localhost"], "--url takes a web address" },
        { "no such file", ["import", "nowhere.dat", "-w", "w"], "There is no file" },
        { "a file of arguments is not read", ["import", "@nowhere.dat", "-w", "w"], "@nowhere.dat" },
        { "a production without a name", ["import", Sample, "-w", "w", "--kind", "production"], "needs --production NAME" },
        { "a production of original images", ["import", Sample, "-w", "w", "--kind", "image", "--production", "P"], "--production goes with --kind production" },
        { "numbers for documents", ["import", Sample, "-w", "w", "--numbering", "auto"], "--numbering goes with --kind image or production" },
        { "text for documents", ["import", Sample, "-w", "w", "--load-text"], "--load-text goes with --kind image or production" },
        { "text of a production", ["import", Sample, "-w", "w", "--kind", "production", "--production", "P", "--load-text"], "goes with --kind image" },
        { "a field without its number", ["import", Sample, "-w", "w", "--kind", "image", "--document-id", "field"], "go together" },
        { "a file as base", ["import", Sample, "-w", "w", "--base", Sample], "or a package (.zip)" },
        { "no such base", ["import", Sample, "-w", "w", "--base", "nowhere"], "there is no folder" },
        { "an unknown encoding", ["import", Sample, "-w", "w", "--encoding", "no-such-encoding"], "no encoding named \"no-such-encoding\"" },
        { "an unknown encoding of texts", ["import", Sample, "-w", "w", "--text", "T", "--text-encoding", "utf-7"], "--text-encoding" },
        { "one character twice", ["import", Sample, "-w", "w", "--column", "254"], "column and the quote character are both the code 254" },
        { "a code out of range", ["import", Sample, "-w", "w", "--nested", "256"], "codes go from 1 to 255" },
        { "a path of no column", ["import", Sample, "-w", "w", "--text-is-path"], "--text COLUMN" },
        { "types for no fields", ["import", Sample, "-w", "w", "--fields", "tests/data/sample/schema.json"], "add --create-fields" },
        { "no such schema", ["import", Sample, "-w", "w", "--create-fields", "--fields", "nowhere.json"], "there is no file nowhere.json" },
        { "not a schema", ["import", Sample, "-w", "w", "--create-fields", "--fields", Sample], "\"fields\": [{\"name\"" },
        { "not a mapping", ["import", Sample, "-w", "w", "--map", "tests/data/sample/schema.json"], "\"source\"" },
        { "a negative line", ["import", Sample, "-w", "w", "--start-line", "-1"], "--start-line" },
        { "no time of day", ["point", "create", "P", "-w", "w", "--file", "f", "--schedule", "daily"], "--time" },
        { "a time of no schedule", ["point", "create", "P", "-w", "w", "--file", "f", "--time", "02:30"], "there is no --schedule" },
        { "no such zone", ["point", "schedule", "p", "-w", "w", "--schedule", "daily", "--time", "2:30", "--time-zone", "Europe/Atlantis"], "no time zone named" },
        { "on and off", ["point", "schedule", "p", "-w", "w", "--schedule", "daily", "--time", "2:30", "--off"], "exclude each other" },
        { "no place to write to", ["job", "error-file", "j"], "--out" },
        { "a condition without a value", ["job", "errors", "j", "--where", "status", "--url", "http://127.0.0.1:1"], "such as status=New" },
        { "nothing to change", ["point", "set", "p", "-w", "w"], "Say what changes" },
        { "a secret on the command line", ["point", "set", "p", "-w", "w", "--secret", "password=PLANTED"], "--secret password: name the setting only" },
        { "a secret that nobody types", ["point", "set", "p", "-w", "w", "--secret", "password"], "--secret password: its value is empty" },
        { "a secret twice", ["point", "set", "p", "-w", "w", "--set", "Password=PLANTED", "--secret-file", $"password={Sample}"], "given twice" },
        { "a setting without a name", ["point", "set", "p", "-w", "w", "--set", "=PLANTED"], "expected NAME=VALUE" },
        { "a secret without a file", ["point", "set", "p", "-w", "w", "--secret-file", "privateKey"], "such as privateKey=id_ed25519" },
        { "no such file of a secret", ["point", "set", "p", "-w", "w", "--secret-file", "privateKey=nowhere.pem"], "there is no file nowhere.pem" },
        { "a folder of a secret", ["point", "set", "p", "-w", "w", "--secret-file", "privateKey=tests"], "there is no file tests" },
        { "an empty file of a secret", ["point", "set", "p", "-w", "w", "--secret-file", "privateKey=/dev/null"], "is empty" },
        { "a secret that is no text", ["point", "set", "p", "-w", "w", "--secret-file", $"privateKey={typeof(CommandLineTests).Assembly.Location}"], "is no text in UTF-8" },
        { "managers of documents", ["import", Sample, "-w", "w", "--manager", "Boss"], "--manager goes with --object-type Entity" },
        { "managers beside a mapping", ["import", Sample, "-w", "w", "--object-type", "entity", "--manager", "Boss", "--map", Sample], "--manager goes with --map auto" },
        { "nothing to stage", ["stage", "nowhere", "-w", "w", "--url", "http://127.0.0.1:1"], "There is no file or folder" },
    };

    private const string Sample = "tests/data/sample/documents.dat";

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_wrong_command_line_ends_with_64_and_says_what_is_wrong(string what, string[] arguments, string words)
    {
        var run = await IpProgram.RunAsync(arguments);
        Assert.Equal((what, 64, ""), (what, run.ExitCode, run.Out));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--url", "http://127.0.0.1:1")]
    [InlineData("--output", "json")]
    public async Task Without_an_app_the_command_says_how_to_start_it(string option, string value)
    {
        using var local = new Scratch();
        var run = await IpProgram.RunAsync(["workspace", "list", option, value], null, ("IP_LOCAL", local.Path));
        Assert.Equal(new IpRun(2, "", $"The app is not running. Start it with `ip dev up`.{Environment.NewLine}"), run);
    }

    [Fact]
    public async Task Nothing_runs_before_it_was_started_and_stopping_nothing_is_no_failure()
    {
        using var local = new Scratch();
        var status = await IpProgram.RunAsync(["dev", "status", "--output", "json"], null, ("IP_LOCAL", local.Path));
        var down = await IpProgram.RunAsync(["dev", "down", "--output", "json"], null, ("IP_LOCAL", local.Path));
        Assert.Equal((0, 0), (status.ExitCode, down.ExitCode));
        Assert.Equal("{\"running\":false,\"url\":null,\"storage\":null}", status.Out.Trim());
        Assert.Equal("{\"stopped\":false}", down.Out.Trim());
    }

    [Fact]
    public async Task Help_is_no_error()
    {
        var run = await IpProgram.RunAsync(["import", "--help"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] options =
        [
            "--kind", "--overwrite", "--column", "--quote", "--newline", "--multi-value", "--nested", "--encoding", "--no-header", "--start-line",
            "--identifier", "--create-fields", "--fields", "--base", "--native-path", "--text", "--text-is-path", "--text-encoding", "--folder",
            "--culture", "--production", "--object-type", "--map", "--overlay-field", "--multi-select", "--destination-folder", "--move-existing",
        ];
        Assert.All(options, option => Assert.Contains($"{option} ", run.Out, StringComparison.Ordinal));
    }
}
