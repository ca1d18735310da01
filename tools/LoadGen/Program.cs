using System.CommandLine;
using IntegrationPoints.LoadGen;

var documents = new Option<int>("--documents") { Description = "How many rows, the bad ones among them.", Required = true };
var directory = new Option<DirectoryInfo>("--out") { Description = "The folder to write to.", Required = true };
var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same bytes.", DefaultValueFactory = _ => 1 };
var natives = new Option<bool>("--natives") { Description = "Write a native for each document." };
var text = new Option<TextPlace>("--text") { Description = "Where extracted text goes.", DefaultValueFactory = _ => TextPlace.None };
var bytesPerText = new Option<int>("--bytes-per-text") { Description = "Bytes of text, give or take a quarter.", DefaultValueFactory = _ => 1000 };
var badRows = new Option<int>("--bad-rows") { Description = "How many rows to spoil, at most one in three." };

var command = new RootCommand("Writes a document load file with the files it names.")
{
    documents, directory, seed, natives, text, bytesPerText, badRows,
};
command.SetAction(async (arguments, cancellationToken) =>
{
    var options = new GeneratorOptions
    {
        Documents = arguments.GetValue(documents),
        Seed = arguments.GetValue(seed),
        Natives = arguments.GetValue(natives),
        Text = arguments.GetValue(text),
        BytesPerText = arguments.GetValue(bytesPerText),
        BadRows = arguments.GetValue(badRows),
    };
    GeneratedSet set;
    try
    {
        set = await LoadFileGenerator.WriteAsync(options, arguments.GetRequiredValue(directory).FullName, cancellationToken);
    }
    catch (ArgumentOutOfRangeException impossible)
    {
        await Console.Error.WriteLineAsync(impossible.Message);
        return 64;
    }
    Console.WriteLine($"{set.LoadFilePath}: {set.Documents} documents");
    foreach (var row in set.BadRows) Console.WriteLine($"  line {row.Line}: {row.Code}: {row.Reason}");
    var importOptions = string.Join(' ', set.ImportOptions.Select(Quoted));
    Console.WriteLine($"ip import {set.LoadFilePath} --create-fields --fields {set.SchemaPath} {importOptions}");
    return 0;
});
var parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count == 0) return await parsed.InvokeAsync();
foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
return 64;

static string Quoted(string argument) => argument.Contains(' ', StringComparison.Ordinal) ? $"\"{argument}\"" : argument;
