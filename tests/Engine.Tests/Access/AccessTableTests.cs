using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.Engine.Tests.Access;

/// <summary>What each operation needs: a row for each line of the "Authorization", in its words, then the rest of the table.</summary>
public sealed class AccessTableTests
{
    private static readonly AccessTarget Entity = new("Entity"), Export = new("Document", FromWorkspace: true);

    private const string Submit =
        "Workspace: View, Workspace: Edit, Workspace: Add, Integration Point: View, Job History: View, Job History: Edit, Job History: Add, "
        + "Destination Provider: View, Source Provider: View, Integration Point Type: View";

    /// <summary>"Submitting a job from a non-workspace source needs: …"</summary>
    [Theory]
    [InlineData("Entity", $"{Submit}, Entity: View, Entity: Edit, Entity: Add, Allow Import")]
    [InlineData("Document", $"{Submit}, Document: View, Document: Edit, Document: Add, Allow Import")]
    [InlineData("Witness", $"{Submit}, Witness: View, Witness: Edit, Witness: Add, Allow Import")]
    public void Submitting_a_job_from_a_file(string objectType, string needs) => Is(needs, Operation.RunPoint, new AccessTarget(objectType));

    /// <summary>"With the workspace as source: the same, Document View/Edit, Search View/Edit/Add, …, Allow Export"; that the search is public is no permission.</summary>
    [Fact]
    public void Submitting_a_job_with_the_workspace_as_source() => Is(
        $"{Submit}, Document: View, Document: Edit, Document: Add, Allow Import, Search: View, Search: Edit, Search: Add, Allow Export", Operation.RunPoint, Export);

    /// <summary>"Viewing a point: Job History, Integration point and its type View."</summary>
    [Fact]
    public void Viewing_a_point() => Is("Job History: View, Integration Point: View, Integration Point Type: View", Operation.ViewPoint);

    /// <summary>"Creating or editing one: Integration point View/Edit/Add (Edit and Add only where they apply), type View, Allow Import."</summary>
    [Theory]
    [InlineData(Operation.CreatePoint, "Integration Point: View, Integration Point: Add, Integration Point Type: View, Allow Import")]
    [InlineData(Operation.EditPoint, "Integration Point: View, Integration Point: Edit, Integration Point Type: View, Allow Import")]
    public void Creating_or_editing_a_point(Operation operation, string needs) => Is(needs, operation);

    /// <summary>"Profiles likewise with Integration point profile"; guide 2.2 adds the providers.</summary>
    [Theory]
    [InlineData(Operation.ViewProfile, Profile)]
    [InlineData(Operation.CreateProfile, $"Integration Point Profile: Add, {Profile}, Allow Import")]
    [InlineData(Operation.EditProfile, $"Integration Point Profile: Edit, {Profile}, Allow Import")]
    public void Profiles(Operation operation, string needs) => Is(needs, operation);

    private const string Profile = "Integration Point Profile: View, Source Provider: View, Destination Provider: View, Integration Point Type: View";

    /// <summary>"… using one needs View of it."</summary>
    [Fact]
    public void Using_a_profile() => Is("Integration Point Profile: View", Operation.UseProfile);

    /// <summary>"Job errors: Job History Error View/Edit/Add": View to look at them; a retry marks them, and adds its own.</summary>
    [Fact]
    public void Job_errors()
    {
        Is("Job History: View, Job History Error: View", Operation.ViewErrors);
        Is($"{Submit}, Entity: View, Entity: Edit, Entity: Add, Allow Import, Job History Error: View, Job History Error: Edit, Job History Error: Add", Operation.RetryPoint, Entity);
        Is($"{Submit}, Document: View, Document: Edit, Document: Add, Allow Import, Job History Error: View, Job History Error: Edit, Job History Error: Add, "
            + "Search: View, Search: Edit, Search: Add, Allow Export", Operation.RetryPoint, Export);
    }

    /// <summary>What the issue leaves open: looking needs View, changing the right that is named so; what leaves the workspace needs Allow Export.</summary>
    [Theory]
    [InlineData(Operation.Anyone, "")]
    [InlineData(Operation.SignedIn, "")]
    [InlineData(Operation.AdministerTenant, "")]
    [InlineData(Operation.ViewWorkspace, "Workspace: View")]
    [InlineData(Operation.EditWorkspace, "Workspace: View, Workspace: Edit")]
    [InlineData(Operation.RemoveUser, "Workspace: View, Workspace: Edit, Workspace: Delete")]
    [InlineData(Operation.DeleteWorkspace, "Workspace: View, Workspace: Delete")]
    [InlineData(Operation.ViewGroups, "Workspace: View, Workspace: Edit")]
    [InlineData(Operation.EditGroups, "Workspace: View, Workspace: Edit, Workspace: Delete")]
    [InlineData(Operation.ViewAudit, "Workspace: View, Workspace: Edit, Workspace: Delete")]
    [InlineData(Operation.ManageObjectTypes, "Manage Object Types")]
    [InlineData(Operation.ManageFields, "Entity: View, Manage Object Types")]
    [InlineData(Operation.ViewRecords, "Entity: View")]
    [InlineData(Operation.ViewDocuments, "Document: View")]
    [InlineData(Operation.ViewFolders, "Folder: View")]
    [InlineData(Operation.AddFolder, "Folder: View, Folder: Add")]
    [InlineData(Operation.ViewProductions, "Production: View")]
    [InlineData(Operation.AddProduction, "Production: View, Production: Add")]
    [InlineData(Operation.ViewSearches, "Search: View")]
    [InlineData(Operation.AddSearch, "Search: View, Search: Add")]
    [InlineData(Operation.EditSearch, "Search: View, Search: Edit")]
    [InlineData(Operation.DeleteSearch, "Search: View, Search: Delete")]
    [InlineData(Operation.RunSearch, "Search: View, Entity: View")]
    [InlineData(Operation.TrySource, Try)]
    [InlineData(Operation.MapFields, "Integration Point: View, Integration Point: Add, Integration Point Type: View, Allow Import, Entity: View")]
    [InlineData(Operation.DeletePoint, "Integration Point: View, Integration Point: Delete")]
    [InlineData(Operation.StudyPoint, "Integration Point: View, Integration Point Type: View, Source Provider: View, Entity: View")]
    [InlineData(Operation.SaveAsProfile, $"Integration Point Profile: Add, {Profile}, Allow Import, Job History: View, Integration Point: View")]
    [InlineData(Operation.DeleteProfile, "Integration Point Profile: View, Integration Point Profile: Delete")]
    [InlineData(Operation.Upload, "Allow Import")]
    [InlineData(Operation.MakeFields, "Manage Object Types")]
    [InlineData(Operation.MakeObjects, "Entity: Add")]
    [InlineData(Operation.ViewJobs, "Job History: View")]
    [InlineData(Operation.ViewErrors, "Job History: View, Job History Error: View")]
    [InlineData(Operation.DownloadErrorFile, "Job History: View, Job History Error: View, Entity: View")]
    [InlineData(Operation.ViewFiles, "Job History: View, Entity: View")]
    [InlineData(Operation.Download, "Job History: View, Document: View, Allow Export")]
    [InlineData(Operation.StopJob, "Integration Point: View, Job History: View, Job History: Edit")]
    [InlineData(Operation.UndoJob,
        "Integration Point: View, Job History: View, Job History: Edit, Job History: Add, Entity: View, Entity: Edit, Entity: Add, Entity: Delete, Allow Import")]
    public void Everything_else(Operation operation, string needs) => Is(needs, operation, Entity);

    [Fact]
    public void Studying_a_point_that_reads_the_workspace_needs_to_look_at_what_it_reads() => Is(
        "Integration Point: View, Integration Point Type: View, Source Provider: View, Document: View, Search: View", Operation.StudyPoint, Export);

    /// <summary>A check shows what stands in files: those of a saved point to whoever may look at it, others to whoever may bring them in, and what was exported to whoever may take it out.</summary>
    [Theory]
    [InlineData(false, false, Study)]
    [InlineData(true, false, $"{Study}, Allow Import")]
    [InlineData(false, true, $"{Study}, Allow Export")]
    [InlineData(true, true, $"{Study}, Allow Import, Allow Export")]
    public void Checking_files_of_the_staging_area(bool namesFiles, bool readsExports, string needs)
        => Is(needs, Operation.StudyPoint, new AccessTarget("Witness") { NamesFiles = namesFiles, ReadsExports = readsExports });

    /// <summary>What an export wrote is brought in again by whoever may take it out, whatever starts it.</summary>
    [Theory]
    [InlineData(Operation.RunPoint, $"{Submit}, Witness: View, Witness: Edit, Witness: Add, Allow Import, Allow Export")]
    [InlineData(Operation.RetryPoint, $"{Submit}, Witness: View, Witness: Edit, Witness: Add, Allow Import, Job History Error: View, Job History Error: Edit, Job History Error: Add, Allow Export")]
    [InlineData(Operation.ViewPoint, "Job History: View, Integration Point: View, Integration Point Type: View")]
    public void Submitting_what_was_exported(Operation operation, string needs) => Is(needs, operation, new AccessTarget("Witness") { ReadsExports = true });

    private const string Study = "Integration Point: View, Integration Point Type: View, Source Provider: View, Witness: View";

    /// <summary>A trial shows which columns files have, and what there is in the workspace.</summary>
    [Theory]
    [InlineData(false, true, $"{Try}, Allow Export")]
    [InlineData(true, false, $"{Try}, Document: View, Search: View, Folder: View, Production: View")]
    public void Trying_what_lies_in_the_staging_area_or_the_workspace(bool fromWorkspace, bool readsExports, string needs)
        => Is(needs, Operation.TrySource, new AccessTarget("Document", fromWorkspace) { ReadsExports = readsExports });

    private const string Try = "Integration Point: View, Integration Point: Add, Integration Point Type: View, Allow Import, Source Provider: View";

    [Fact]
    public void Files_of_an_export_are_those_of_documents_whatever_its_point_names()
        => Is("Job History: View, Witness: View, Document: View", Operation.ViewFiles, new AccessTarget("Witness", FromWorkspace: true));

    /// <summary>What is asked before it is known whether there is what the address names.</summary>
    [Theory]
    [InlineData(Operation.RunPoint, $"{Submit}, Allow Import")]
    [InlineData(Operation.StudyPoint, "Integration Point: View, Integration Point Type: View, Source Provider: View")]
    [InlineData(Operation.RunSearch, "Search: View")]
    [InlineData(Operation.ViewRecords, "")]
    [InlineData(Operation.ViewPoint, "Job History: View, Integration Point: View, Integration Point Type: View")]
    public void Whatever_it_is_done_with(Operation operation, string needs) => Assert.Equal(needs, string.Join(", ", AccessTable.NeedsAlways(operation)));

    public static TheoryData<Operation> Operations => new(Enum.GetValues<Operation>());

    [Theory, MemberData(nameof(Operations))]
    public void Every_operation_is_in_the_table(Operation operation) => Assert.NotNull(AccessTable.Needs(operation, Entity));

    /// <summary>What depends on what it is done with is never answered without it.</summary>
    [Theory, MemberData(nameof(Operations))]
    public void Nothing_is_answered_for_an_unknown_object_type(Operation operation)
    {
        if (AccessTable.DependsOnTarget(operation)) Assert.Throws<ArgumentNullException>(() => AccessTable.Needs(operation));
        else Assert.DoesNotContain(AccessTable.Needs(operation), p => p.Object.Contains('{', StringComparison.Ordinal));
    }

    private static void Is(string needs, Operation operation, AccessTarget? target = null)
        => Assert.Equal(needs, string.Join(", ", AccessTable.Needs(operation, target)));
}
