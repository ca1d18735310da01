using IntegrationPoints.App.Access;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>What API keys may do, in the operations of the table: an action covers what it says, and nothing beyond.</summary>
public sealed class KeyRightsTests
{
    private static readonly Operation[] InNoWorkspace = [Operation.Anyone, Operation.SignedIn, Operation.AdministerTenant];

    private static readonly Operation[]
        View =
        [
            Operation.ViewWorkspace, Operation.ViewRecords, Operation.ViewDocuments, Operation.ViewFolders, Operation.ViewProductions, Operation.ViewSearches, Operation.RunSearch,
            Operation.ViewPoint, Operation.StudyPoint, Operation.ViewProfile, Operation.UseProfile, Operation.ViewJobs, Operation.ViewErrors, Operation.DownloadErrorFile, Operation.ViewFiles,
        ],
        Edit =
        [
            .. View, Operation.EditWorkspace, Operation.ViewGroups, Operation.ManageObjectTypes, Operation.ManageFields, Operation.AddFolder, Operation.AddProduction,
            Operation.AddSearch, Operation.EditSearch, Operation.DeleteSearch, Operation.CreatePoint, Operation.TrySource, Operation.MapFields, Operation.EditPoint, Operation.DeletePoint, Operation.CreateProfile,
            Operation.SaveAsProfile, Operation.EditProfile, Operation.DeleteProfile, Operation.Upload, Operation.MakeFields, Operation.ViewFieldCatalog,
        ],
        // Edit of the workspace and of searches is part of submitting (guide 2.2), and so what needs no more than that.
        Run =
        [
            .. View, Operation.EditWorkspace, Operation.ViewGroups, Operation.AddSearch, Operation.EditSearch, Operation.Upload, Operation.RunPoint, Operation.RetryPoint,
            Operation.MakeObjects, Operation.Download, Operation.StopJob,
        ];

    public static TheoryData<KeyAction, string> Rows => new()
    {
        { KeyAction.View, Text(View) }, { KeyAction.Edit, Text(Edit) }, { KeyAction.Run, Text(Run) }, { KeyAction.Administer, Text(Enum.GetValues<Operation>().Except(InNoWorkspace)) },
    };

    [Theory, MemberData(nameof(Rows))]
    public void A_key_may_do_what_its_action_says(KeyAction action, string operations)
        => Assert.Equal(operations, Text(Enum.GetValues<Operation>().Except(InNoWorkspace).Where(o => May(o, action))));

    /// <summary>A system that makes points and runs them, as <c>ip import</c> does.</summary>
    [Fact]
    public void Actions_add_up() => Assert.All(Edit.Concat(Run), operation => Assert.True(May(operation, KeyAction.Edit, KeyAction.Run)));

    private static bool May(Operation operation, params KeyAction[] actions)
    {
        var grants = KeyRights.Of(actions);
        return new[] { new AccessTarget("Witness"), new AccessTarget("Document", FromWorkspace: true) }.All(target => grants.Missing(AccessTable.Needs(operation, target)).Count == 0);
    }

    private static string Text(IEnumerable<Operation> operations) => string.Join(' ', operations.Order());
}
