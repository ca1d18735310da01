namespace IntegrationPoints.Engine.Checks;

/// <summary>Looks at facts of one kind in their order, and keeps no more than the group that it is in.</summary>
internal interface IStudy
{
    /// <summary>The next fact.</summary>
    void Add(Fact fact);

    /// <summary>There are no more.</summary>
    void End();
}
