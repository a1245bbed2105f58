using System.Collections.Generic;

/// <summary>What the platform is made of, as its home page shows it.</summary>
public class Module
{
    public string Name { get; private set; }

    public string Purpose { get; private set; }

    public static readonly IList<Module> All = new[]
    {
        Of("Investor Tracking", "Commitments, capital calls, distributions and each investor's position."),
        Of("Portfolio Management", "Holdings, valuations and performance of every fund and company."),
        Of("CRM", "People, firms, meetings and the pipeline of deals and fundraising."),
        Of("Accounting", "General ledger, fund accounting, fees and carried interest."),
        Of("Reporting and Auditing", "Statements, regulatory reports and a trail of every change."),
        Of("Batch Data Processing", "Scheduled imports, exports and end-of-period runs."),
        Of("Business Events and Rules", "What happens when something happens: rules, alerts, approvals."),
        Of("Team Security and Admin Tools", "Roles, entitlements, sign-in policy and administration.")
    };

    private static Module Of(string name, string purpose)
    {
        return new Module { Name = name, Purpose = purpose };
    }
}
