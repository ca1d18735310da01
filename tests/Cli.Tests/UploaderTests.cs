using IntegrationPoints.Cli.Import;

namespace IntegrationPoints.Cli.Tests;

/// <summary>Which refusals of a store say that a file is there already, so that it counts as sent.</summary>
public sealed class UploaderTests
{
    private const string Account = "https://stdata.blob.core.windows.net/staging/x", Emulator = "http://127.0.0.1:10000/devstoreaccount1/staging/x";

    [Theory] // learn.microsoft.com, Blob Storage error codes
    [InlineData("BlobAlreadyExists", Account, true)]
    [InlineData("UnauthorizedBlobOverwrite", Account, true)]
    [InlineData("AuthorizationPermissionMismatch", Emulator, true)]
    [InlineData("AuthorizationPermissionMismatch", Account, false)] // the identity behind the address lacks its role: nothing was sent
    [InlineData("AuthorizationPermissionMismatch", null, false)]
    [InlineData("AuthenticationFailed", Emulator, false)]
    public void Only_what_says_that_the_file_is_there_counts_as_sent(string code, string? address, bool isThere)
        => Assert.Equal(isThere, Uploader.IsThere(code, address is null ? null : new Uri(address)));
}
