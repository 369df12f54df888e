//! That the crosswalk names nothing that a standard does not have, and what has no counterpart.

use super::*;
use crate::standards::{ctdc, htcds, nibrs, niem};

/// Whether the standard's own file has the value.
fn exists(standard: Standard, value: Value) -> bool {
    match standard {
        Standard::Htcds => htcds::fields().iter().any(|field| {
            let mut values = field.values.iter().map(|value| value.value);
            field.name == value.column && values.any(|known| known == value.value)
        }),
        Standard::Ctdc => ctdc::columns().iter().any(|column| {
            let word = column.words.iter().any(|(word, _)| *word == value.value);
            column.name == value.column && ((column.is_flag && value.value == "1") || word)
        }),
        Standard::Niem => niem::codes()
            .iter()
            .any(|code| (code.code_type, code.code) == (value.column, value.value)),
        Standard::Nibrs => nibrs::offenses().iter().any(|offense| offense.code == value.value),
    }
}

#[test]
fn every_value_named_in_a_crosswalk_stands_in_the_standard() {
    let register = Register::embedded();
    let mut seen = 0;
    for (standard, kind) in
        Standard::ALL.into_iter().flat_map(|s| Kind::ALL.into_iter().map(move |k| (s, k)))
    {
        // Wordings that have been replaced are still shown, so they are looked at as well.
        for entry in register.versions().iter().flat_map(|v| register.entries_at(v, kind)) {
            for value in entry.list(standard.word()).map(|part| standard.value(part)) {
                assert!(exists(standard, value), "{kind} {}: {value:?}", entry.code);
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn no_value_means_two_codes_of_a_kind() {
    for ((standard, kind), codes) in &index().codes {
        for (value, named) in codes {
            let exact: Vec<_> = named.iter().filter(|(_, exact)| *exact).collect();
            assert!(exact.len() < 2, "{standard:?} {kind} {value:?}: {exact:?}");
        }
    }
}

#[test]
fn a_code_leads_to_a_value_and_back() {
    for ((standard, kind, code), values) in &index().values {
        let code = Code::get(*kind, code).unwrap();
        for value in values.iter().filter(|_| (*kind, code.as_str()) != (BOTH.0, BOTH.1)) {
            let back = meaning(*standard, *kind, value.column, value.value);
            assert_eq!(back == Some(code), value.exact, "{code} {value:?}");
            assert!(codes(*standard, *kind, value.column, value.value).contains(&code));
        }
    }
}

/// Kinds with a crosswalk to any standard, and what of them each standard can say.
#[test]
fn what_has_no_counterpart() {
    let register = Register::embedded();
    let mut lines = Vec::new();
    for standard in Standard::ALL {
        // Of agencies only the kind of organization is said.
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Agency) {
            let said = |entry: &&Entry| entry.attribute(standard.word()).is_some();
            if register.entries(kind).any(|entry| said(&entry)) {
                let unsaid: Vec<&str> = register
                    .entries(kind)
                    .filter(|entry| !said(entry))
                    .map(|entry| entry.code.as_str())
                    .collect();
                let nearly = register
                    .entries(kind)
                    .filter(said)
                    .filter(|entry| entry.list(standard.word()).all(|part| part.starts_with('~')));
                let nearly: Vec<&str> = nearly.map(|entry| entry.code.as_str()).collect();
                lines.push(format!(
                    "{} {kind}: none for {}; nearly {}",
                    standard.word(),
                    unsaid.join(", "),
                    nearly.join(", ")
                ));
            } else if [Kind::Means, Kind::Sector, Kind::Status, Kind::Age].contains(&kind) {
                lines.push(format!("{} {kind}: none for any", standard.word()));
            }
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    htcds trafficking_type: none for not_yet_classified; nearly 
    htcds means: none for isolation, confinement, movement_between_cities, false_identity, branding, daily_quota; nearly threat_to_expose, romantic_grooming
    htcds sector: none for strip_clubs, traveling_sales_crews, theft_rings, servile_marriage, underground_markets; nearly residential_brothels, massage_parlors, online_escort_services, street_prostitution, hotels_and_motels, outdoor_brothel, truck_stops, sweatshops, hotels, restaurants, farming, landscaping, nail_salons, elder_care, hotel_cleaning
    htcds age: none for any
    htcds status: none for new, continuing, carried_over, person, seat, high_information; nearly 
    htcds service: none for ; nearly shelter, intensive_case_management, safety_planning, crisis_intervention, victim_advocacy, interpretive_services, mental_health_treatment, family_reunification, medical_care, dental_care, substance_abuse_treatment, life_skills_training, transportation, visas, legal_services, witness_protection, job_training, long_term_housing, restitution_help
    htcds gender: none for ; nearly 
    htcds first_identifier: none for ; nearly self, gang_unit, vice_unit, white_collar_unit, federal_law_enforcement, prosecutor, victim_witness, rape_crisis_or_dv, health_care, emergency, educator, child_welfare, labor_inspection, tax_investigator, code_enforcement, labor_rights, transport, hospitality, community, buyer
    ctdc trafficking_type: none for not_yet_classified; nearly 
    ctdc means: none for movement_between_cities, false_identity, branding, daily_quota; nearly isolation, confinement, threats_to_victim, threats_to_family, threat_to_expose, romantic_grooming
    ctdc sector: none for strip_clubs; nearly residential_brothels, massage_parlors, online_escort_services, street_prostitution, hotels_and_motels, outdoor_brothel, truck_stops, sweatshops, hotels, restaurants, landscaping, nail_salons, elder_care, theft_rings, hotel_cleaning, servile_marriage, underground_markets
    ctdc age: none for unknown; nearly 
    ctdc status: none for any
    ctdc gender: none for unknown; nearly transgender_female, transgender_male, nonbinary
    niem trafficking_type: none for not_yet_classified; nearly 
    niem conduct: none for child_sexual_abuse_material, smuggling, not_yet_determined; nearly 
    niem means: none for any
    niem sector: none for outdoor_brothel, servile_marriage; nearly hotels_and_motels, truck_stops, sweatshops, hotels, nail_salons, elder_care, theft_rings, hotel_cleaning, underground_markets
    niem age: none for any
    niem status: none for new, continuing, carried_over, person, seat, high_information; nearly 
    niem first_identifier: none for victim_witness, labor_inspection, tax_investigator, code_enforcement, labor_rights, transport, hospitality; nearly gang_unit, vice_unit, white_collar_unit, health_care, emergency, buyer
    nibrs trafficking_type: none for not_yet_classified; nearly 
    nibrs conduct: none for child_sexual_abuse_material, smuggling, not_yet_determined; nearly 
    nibrs means: none for any
    nibrs sector: none for any
    nibrs age: none for any
    nibrs status: none for any
    nibrs statute: none for 236.1(b), 236.1(c), 236.1(a)-2012-11-07, 236.1(b)-2012-11-07, 236.1(c)-2012-11-07, 266j, 267, 311.4, 653.23, 647(b)(1), 1203.065(a); nearly 236.1, 236.1(a), 266h, 266h(a), 266h(b)(1), 266h(b)(2), 266i, 266i(a), 266i(b)(1), 266i(b)(2), 653.22, 653.22(A), 647(b), 647(b)(2), 647(b)(3)
    ");
}

/// And the other way: which values of the fields that we read mean no code of ours.
#[test]
fn which_values_mean_no_code() {
    let kinds = [
        Kind::TraffickingType,
        Kind::Means,
        Kind::Sector,
        Kind::Age,
        Kind::Status,
        Kind::Gender,
        Kind::FirstIdentifier,
    ];
    let meant = |standard, column: &str, value: &str| {
        kinds.iter().any(|kind| meaning(standard, *kind, column, value).is_some())
    };
    let read =
        |standard, column: &str| kinds.iter().any(|kind| columns(standard, *kind).contains(column));
    let mut lines = Vec::new();
    for field in htcds::fields().iter().filter(|field| read(Standard::Htcds, field.name)) {
        let values = field.values.iter().map(|value| value.value);
        let none: Vec<&str> =
            values.filter(|value| !meant(Standard::Htcds, field.name, value)).collect();
        lines.push(format!("{}: {}", field.name, none.join(", ")));
    }
    let flags = ctdc::columns().iter().filter(|column| column.is_flag).map(|column| column.name);
    let none: Vec<&str> = flags.filter(|flag| !meant(Standard::Ctdc, flag, "1")).collect();
    lines.push(format!("CTDC: {}", none.join(", ")));
    insta::assert_snapshot!(lines.join("\n"), @r"
    prs_Gender: 
    vic_TraffickingStatus: NotAVictimOfTrafficking
    vic_TraffickingStatusDecisionMakingOrg: CourtOrProsecution, NonPoliceGovernmentalOrganization
    vic_MethodsOfControl: RestrictsFinancialAccess, RestrictsMedicalCare, PsychologicalAbuse, ExcessiveWorkingHours, Other
    vic_TypeOfExploitation: ChildLabour, ForcedMarriage, ForcedMilitaryByNonStateActors, OrganRemoval, ForcedBegging, ForcedAdoption, Surrogacy, Other
    vic_ForcedLabourIndustry: A_AgricultureForestryAndFishing, B_MiningAndQuarrying, D_ElectricityGasSteamAndAirConditioningSupply, E_WaterSupplySewerageWasteManagement, G_WholesaleAndRetailTradeRepairOfMotorVehicles, H_TransportationAndStorage, I_AccommodationAndFoodServiceActivities, J_InformationAndCommunication, K_FinancialAndInsuranceActivities, L_RealEstateActivities, M_ProfessionalScientificAndTechnicalActivities, N_AdministrativeAndSupportServiceActivities, O_PublicAdministrationAndDefence, P_Education, Q_HumanHealthAndSocialWorkActivities, R_ArtsEntertainmentAndRecreation, S_OtherServiceActivities, U_ActivitiesOfExtraterritorialOrganizations
    vic_TypeOfSexExploitation: Prostitution, Pornography, RemoteInteractiveServices, PrivateSexualServices
    CTDC: meansOfControlRestrictsFinancialAccess, meansOfControlThreats, meansOfControlPsychologicalAbuse, meansOfControlRestrictsMovement, meansOfControlRestrictsMedicalCare, meansOfControlExcessiveWorkingHours, meansOfControlUsesChildren, meansOfControlOther, meansOfControlNotSpecified, isOtherExploit, isSexAndLabour, isForcedMarriage, isForcedMilitary, isOrganRemoval, isSlaveryAndPractices, typeOfLabourAquafarming, typeOfLabourBegging, typeOfLabourIllicitActivities, typeOfLabourHospitality, typeOfLabourMiningOrDrilling, typeOfLabourTransportation, typeOfLabourOther, typeOfLabourNotSpecified, typeOfSexProstitution, typeOfSexPornography, typeOfSexRemoteInteractiveServices, typeOfSexPrivateSexualServices, isAbduction, recruiterRelationIntimatePartner, recruiterRelationFriend, recruiterRelationFamily, recruiterRelationOther, recruiterRelationUnknown
    ");
}
