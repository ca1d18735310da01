using System.Text.Json;
using CsCheck;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Tests.Exports;

/// <summary>Volumes, folders and names of an export.</summary>
public class ExportLayoutTests
{
    private const long Megabyte = 1024 * 1024;

    [Fact]
    public void A_document_gets_a_path_for_each_kind_of_file()
    {
        var laidOut = Lay(new() { Natives = true }, Listed("AS000001", native: 1, images: 2, text: 1)).Single();
        Assert.Equal(
            ("VOL01", "VOL01/NATIVES/NATIVE001/AS000001.msg", "VOL01/TEXT/TEXT001/AS000001.txt", "VOL01/IMAGES/IMG001", null, null),
            (laidOut.Volume, laidOut.NativePath, laidOut.TextPath, laidOut.ImageFolder, laidOut.ImageName, laidOut.ImageNames));
    }

    [Fact]
    public void A_document_gets_paths_only_for_what_it_has()
    {
        var laidOut = Lay(new(), Listed("A")).Single();
        Assert.Equal(("VOL01", null, null, null, null), (laidOut.Volume, laidOut.NativePath, laidOut.TextPath, laidOut.ImageFolder, laidOut.ImageName));
        Assert.Null(Lay(new(), Listed("A", images: 1)).Single().NativePath);
    }

    [Theory]
    [InlineData(ImageOutput.MultiPageTiff)]
    [InlineData(ImageOutput.Pdf)]
    public void All_images_of_a_document_become_one_file(ImageOutput output)
    {
        var settings = new ExportSettings { ImageOutput = output, Subdirectory = new() { MaxFiles = 2 } };
        var laidOut = Lay(settings, Listed("A,1", images: 100), Listed("B", images: 100), Listed("C", images: 1));
        Assert.Equal(["A_1", "B", "C"], laidOut.Select(d => d.ImageName));
        Assert.Equal(["IMG001", "IMG001", "IMG002"], laidOut.Select(d => d.ImageFolder![13..]));
    }

    [Fact]
    public void The_one_file_of_images_has_no_second_ending()
    {
        var settings = new ExportSettings { ImageOutput = ImageOutput.Pdf, AppendOriginalName = true };
        var laidOut = Lay(settings, Listed("A", native: 1, images: 1, nativeName: "x.PDF"), Listed("B", native: 1, images: 1));
        Assert.Equal(["A_x", "B_x.msg"], laidOut.Select(d => d.ImageName));
    }

    /// <summary>Start, most files, natives, images and texts of the documents, the folder of each.</summary>
    public static TheoryData<int, int, (int Native, int Images, int Text)[], long[]> Folders => new()
    {
        { 5, 3, [(0, 2, 0), (0, 2, 0)], [5, 6] },
        { 5, 3, [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)], [5, 5, 5, 5] },
        // Exactly full is full, not over.
        { 1, 3, [(0, 3, 0), (0, 1, 0)], [1, 2] },
        { 1, 3, [(0, 2, 0), (0, 1, 0), (0, 1, 0)], [1, 1, 2] },
        // One number for all kinds, and all counts begin anew.
        { 1, 2, [(1, 1, 0), (1, 0, 0), (1, 0, 0), (0, 2, 0), (0, 1, 0)], [1, 1, 2, 2, 3] },
        // A document that is larger than a folder has one for itself, also before documents without files of its kind.
        { 1, 3, [(1, 10, 0), (1, 0, 0), (1, 1, 0)], [1, 2, 2] },
        { 1, 3, [(1, 1, 0), (1, 10, 0), (1, 10, 0), (0, 0, 1)], [1, 2, 3, 4] },
        { 1, 1, [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)], [1, 1, 1, 2] },
        { 0, 1, [(1, 0, 0), (1, 0, 0)], [0, 1] },
        { 999, 1, [(1, 0, 0), (1, 0, 0)], [999, 1000] },
        // Documents without files take no room.
        { 1, 1, [(0, 0, 0), (1, 0, 0), (0, 0, 0), (1, 0, 0)], [1, 1, 1, 2] },
    };

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folders_are_filled_one_after_the_other(int start, int most, (int Native, int Images, int Text)[] documents, long[] expected)
    {
        var layout = new ExportLayout(Settings(start, most), LayoutState.First(Settings(start, most)));
        var actual = documents.Select((d, i) =>
        {
            layout.Next(Listed($"D{i}", d.Native, d.Images, d.Text));
            return layout.State.Subdirectory;
        });
        Assert.Equal(expected, actual);
    }

    /// <summary>Bytes of the documents, the volume of each; a volume holds 10 MB.</summary>
    public static TheoryData<long[], string[]> Volumes => new()
    {
        { [40 * Megabyte, 40 * Megabyte], ["VOL01", "VOL02"] },
        { [10 * Megabyte, 1], ["VOL01", "VOL02"] },
        { [9 * Megabyte, Megabyte, 1], ["VOL01", "VOL01", "VOL02"] },
        { [9 * Megabyte, Megabyte + 1, 9 * Megabyte - 1, 1], ["VOL01", "VOL02", "VOL02", "VOL03"] },
        // An empty file is something.
        { [0, 11 * Megabyte, 0], ["VOL01", "VOL02", "VOL03"] },
        { [1, 1, 1], ["VOL01", "VOL01", "VOL01"] },
    };

    [Theory]
    [MemberData(nameof(Volumes))]
    public void Volumes_are_filled_one_after_the_other(long[] bytes, string[] expected)
    {
        var settings = new ExportSettings { Volume = new() { MaxMegabytes = 10 } };
        Assert.Equal(expected, Lay(settings, [.. bytes.Select((b, i) => new ListedDocument { Identifier = $"D{i}", ETag = "1", Native = new("x.msg", b) })]).Select(d => d.Volume));
    }

    [Fact]
    public void The_size_of_a_document_is_that_of_all_its_files_and_a_new_volume_begins_with_the_first_folder()
    {
        var settings = new ExportSettings { Volume = new() { Prefix = "V", Start = 9, Digits = 1, MaxMegabytes = 1 }, Subdirectory = new() { Start = 3, MaxFiles = 1 } };
        ListedDocument Sized(string id, long each) => new() { Identifier = id, ETag = "1", Native = new("x.msg", each), Text = new("f", each), Images = new("original", 1, each) };
        var laidOut = Lay(settings, Sized("A", Megabyte / 4), Sized("B", 1), Sized("C", Megabyte / 4), Sized("D", 1));
        Assert.Equal(
            ["V9/NATIVES/NATIVE003/A.msg", "V9/NATIVES/NATIVE004/B.msg", "V10/NATIVES/NATIVE003/C.msg", "V10/NATIVES/NATIVE004/D.msg"],
            laidOut.Select(d => d.NativePath));
    }

    [Fact]
    public void Names_that_are_equal_once_they_are_cleaned_get_numbers()
    {
        var documents = new[] { "a*b", "a?b", "A_B", "a_b_2", "a:b" }.Select(i => Listed(i, native: 1, text: 1)).ToArray();
        var laidOut = Lay(new(), documents);
        Assert.Equal(["a_b.msg", "a_b_2.msg", "A_B_3.msg", "a_b_2_2.msg", "a_b_4.msg"], laidOut.Select(d => d.NativePath!.Split('/')[^1]));
        Assert.Equal(["a_b.txt", "a_b_2.txt", "A_B_3.txt", "a_b_2_2.txt", "a_b_4.txt"], laidOut.Select(d => d.TextPath!.Split('/')[^1]));
        // The native and the text of a document have one number, and in the next folder names begin anew.
        var two = Lay(Settings(1, 2), Listed("a*b", native: 1), Listed("a?b", text: 1), Listed("a:b", native: 1, text: 1), Listed("a|b", native: 1));
        Assert.Equal(["a_b.msg", null, "a_b_2.msg", "a_b.msg"], two.Select(d => d.NativePath?.Split('/')[^1]));
        Assert.Equal([null, "a_b.txt", "a_b_2.txt", null], two.Select(d => d.TextPath?.Split('/')[^1]));
    }

    [Fact]
    public void Pages_that_would_have_one_name_get_numbers()
    {
        ListedDocument Pages(string id, params string[] pages) => Listed(id, images: pages.Length) with { Images = new("original", pages.Length, 1) { Names = pages } };
        var laidOut = Lay(new(), Pages("A", "P1", "P2"), Pages("B", "P*", "p1", "P3"), Pages("C", "P?", "P4"), Pages("D", "P5"));
        Assert.Equal([null, "P_,p1_2,P3", "P__2,P4", null], laidOut.Select(d => d.ImageNames is { } names ? string.Join(',', names) : null));
    }

    [Fact]
    public void The_layout_goes_on_from_its_state_as_if_it_had_not_stopped() => Gen.Select(Documents, AnySettings, Gen.Int[0, 39]).Sample((documents, settings, cut) =>
    {
        var whole = Lay(settings, documents);
        var first = new ExportLayout(settings, LayoutState.First(settings));
        var parts = documents.Take(cut).Select(first.Next).ToList();
        var state = JsonSerializer.Deserialize<LayoutState>(JsonSerializer.Serialize(first.State))!;
        var second = new ExportLayout(settings, state);
        parts.AddRange(documents.Skip(cut).Select(second.Next));
        Assert.Equal(whole.Select(Paths), parts.Select(Paths));
        Assert.Equal(JsonSerializer.Serialize(first.State), JsonSerializer.Serialize(new ExportLayout(settings, state).State));
    }, iter: 300);

    [Fact]
    public void No_two_files_get_one_path_no_folder_is_too_full_and_no_document_splits() => Gen.Select(Documents, AnySettings).Sample((documents, settings) =>
    {
        var layout = new ExportLayout(settings, LayoutState.First(settings));
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var files = new Dictionary<string, List<string>>();
        (long Volume, long Folder) last = (settings.Volume.Start, settings.Subdirectory.Start);
        foreach (var document in documents)
        {
            var laidOut = layout.Next(document);
            var state = layout.State;
            Assert.True(state.Volume > last.Volume || (state.Volume == last.Volume && state.Subdirectory >= last.Folder));
            last = (state.Volume, state.Subdirectory);
            var paths = FilesOf(laidOut).ToList();
            Assert.All(paths, p => Assert.True(taken.Add(p.Normalize()), p));
            Assert.All(paths, p => Assert.Equal((PathKind.Relative, p), (FilePath.Parse(p).Kind, FilePath.Parse(p).Path)));
            Assert.All(paths, p => Assert.Equal((laidOut.Volume, state.Subdirectory), (p.Split('/')[0], long.Parse(string.Concat(p.Split('/')[2].Where(char.IsAsciiDigit)), null))));
            foreach (var folder in paths.GroupBy(p => p[..p.LastIndexOf('/')])) (files.TryGetValue(folder.Key, out var own) ? own : files[folder.Key] = []).AddRange(folder.Select(_ => document.Identifier));
        }
        Assert.All(files.Values, f => Assert.True(f.Count <= settings.Subdirectory.MaxFiles || f.Distinct().Count() == 1));
    }, iter: 1000);

    [Fact]
    public void The_state_grows_with_the_folder_and_not_with_the_export()
    {
        var settings = new ExportSettings { Natives = true };
        var layout = new ExportLayout(settings, LayoutState.First(settings));
        for (var i = 0; i < 20_000; i++) layout.Next(Listed($"D{i}", native: 1, text: 1));
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(layout.State).Length, 1, 16 * 1024);
        Assert.Equal(40, layout.State.Subdirectory);
    }

    [Fact]
    public void Many_documents_of_one_name_are_laid_out_without_looking_at_each_again()
    {
        var settings = Settings(1, 1_000_000);
        var layout = new ExportLayout(settings, LayoutState.First(settings));
        var last = "";
        for (var i = 0; i < 50_000; i++) last = layout.Next(Listed("*", native: 1)).NativePath!;
        Assert.Equal("VOL01/NATIVES/NATIVE001/__50000.msg", last);
    }

    private static readonly Gen<ListedDocument[]> Documents =
        from names in Hostile.Name.Array[40]
        from kinds in Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[0, 4], Gen.Int[0, 700_000], Hostile.Name).Array[40]
        from begins in Gen.OneOf(Hostile.Name, Gen.Const("")).Array[40]
        from pages in Hostile.Name.Array[4].Array[40]
        select names.Zip(kinds).Select((d, i) => new ListedDocument
        {
            Identifier = $"{d.First}",
            ETag = "1",
            BeginNumber = begins[i],
            Native = d.Second.Item1 ? new(d.Second.Item5, d.Second.Item4) : null,
            Text = d.Second.Item2 ? new("f", d.Second.Item4) : null,
            Images = d.Second.Item3 == 0 ? null : new("original", d.Second.Item3, d.Second.Item4) { Names = pages[i][..d.Second.Item3] },
        }).ToArray();

    private static readonly Gen<ExportSettings> AnySettings =
        from output in Gen.Enum<ImageOutput>()
        from after in Gen.Enum<FileNaming>()
        from append in Gen.Bool
        from most in Gen.Int[1, 40]
        from start in Gen.Int[0, 100]
        select new ExportSettings
        {
            ImageOutput = output,
            NameAfter = after,
            AppendOriginalName = append,
            Volume = new() { Start = start, Digits = 1, MaxMegabytes = 4 },
            Subdirectory = new() { Start = start, Digits = 1, MaxFiles = most },
        };

    private static IEnumerable<string> FilesOf(LaidOutDocument d)
    {
        if (d.NativePath is not null) yield return d.NativePath;
        if (d.TextPath is not null) yield return d.TextPath;
        if (d.ImageName is not null) yield return $"{d.ImageFolder}/{d.ImageName}.tif";
        if (d.ImageFolder is null || d.ImageName is not null) yield break;
        foreach (var name in d.ImageNames ?? [.. d.Document.Images!.Names!.Select(n => ExportNames.Page(n))]) yield return $"{d.ImageFolder}/{name}.tif";
    }

    private static string Paths(LaidOutDocument d) => $"{d.Volume}|{d.NativePath}|{d.TextPath}|{d.ImageFolder}|{d.ImageName}|{string.Join(',', d.ImageNames ?? [])}";

    private static List<LaidOutDocument> Lay(ExportSettings settings, params ListedDocument[] documents)
    {
        var layout = new ExportLayout(settings, LayoutState.First(settings));
        return [.. documents.Select(layout.Next)];
    }

    private static ExportSettings Settings(int start, int most) => new() { Subdirectory = new() { Start = start, MaxFiles = most } };

    private static ListedDocument Listed(string id, int native = 0, int images = 0, int text = 0, string nativeName = "x.msg") => new()
    {
        Identifier = id,
        ETag = "1",
        Native = native == 0 ? null : new(nativeName, 1),
        Images = images == 0 ? null : new("original", images, 1),
        Text = text == 0 ? null : new("f", 1),
    };
}
