"""Words of the general language: a term that is called so is linked by itself only if its entry asks for it.

"Data", "feature" or "loss" may well be terms, but most sentences that use these words do not mean the term.
The lists are our own: words that any speaker uses of any subject, function words that no term is likely to be
called left out but for a few. They hold singulars and infinitives; other forms count with them. The page
`docs/authoring/automatic-links.md` shows them; a test holds the two together.
"""

from collections.abc import Mapping
from functools import cache

from grimoire.inflection import others, tongue
from grimoire.names import Name, fold

_ENGLISH = """
ability access account act action activity addition address advantage age agency agent aim air amount analysis
and answer any approach area argument art article aspect attempt attention attribute author average background
balance base basis behavior behaviour benefit best bit block board body book bottom box branch break bridge but
call can capacity care case cause cell center centre chain challenge chance change channel chapter character chart
check choice circle claim class cloud code collection color column combination community company comparison
component computer concept condition connection constant content context control copy core corner cost count country
course cover criterion cross current curve customer cut cycle damage data date day deal decision degree demand
depth description design detail development device difference dimension direction discovery discussion distance
document domain door drive drop edge edition effect effort element end energy engine environment equality error
event evidence example exchange exercise experience experiment expert explanation expression extension face fact
factor failure fair family feature feedback field figure file film filter fire fit flow focus force form format
frame freedom friend front function future game gap gate general goal good ground group growth guide half hand head
health heart heat height help history hole home hook hour house human idea identity image impact index individual
industry inference influence information input instance instruction intelligence interest interface interval issue
item job join judge key kind knowledge label language law layer lead leaf learn learning length lesson letter level
library life light limit line link list load local location lock log long look loop loss machine map mark market mass
master match material matter mean meaning measure media member memory mention message method middle mind minute
mirror mistake mix mode model moment money month motion move movement name nature need neighbor neighbour net network
news node noise normal note notion number object observation offer office operation opinion option order
organization origin outcome output package page pair paper part partner party pass past path pattern peak people
percentage performance period person phase phrase picture piece place plan plane plant play player point policy pool
population position power practice precision presence present pressure price principle problem procedure process
product production profile program progress project prompt proof property proportion public purpose quality quantity
query question range rank rate ratio reach reaction read reader reason recall record reference region relation
release report representation request research reset resource response rest result return review reward right ring
risk role room root round route row rule run safety sample scale scene schedule scheme school science scope score
screen search season section security seed selection sense sentence sequence series service session set shape share
shift side sign signal significance simple size skill software solution sort sound source space speech speed split
stage standard star start state statement station step stock stop storage story strategy stream strength string
structure student study style subject sum summary support surface switch system table target task team technique
technology temperature term test testing text theory thing thought time title tool top topic track trade training
trait transfer treatment tree trend trial trouble truth turn type understanding unit update use user value
variation variety version view vision voice volume wall water wave way weight wheel will window word work world
writer year
"""

_FRENCH = """
accès accord acte action activité adresse affaire âge agence agent aide air aire ajout analyse angle année appel
apprentissage approche arbre argent argument art article aspect attention attribut auteur autre avantage avenir avis
banque barre bas base bloc bord bout branche bruit but cadre calcul capacité caractère carte cas cause cellule centre
chaîne chaleur champ chance changement chapitre charge chemin chiffre choix chose classe clé code coin colonne combat
commande comparaison composant compte concept condition confiance connaissance conseil constante contenu contexte
contrôle copie corps côté couche couleur coup coupe courant courbe cours coût couverture cycle date début décision
degré demande densité départ description désir destin détail différence dimension direction discussion distance
document domaine don donnée droit durée eau échange échec échelle école écran écriture effet effort élément ensemble
entrée entretien environnement équilibre équipe erreur espace esprit essai étape état étude événement exemple
exercice expérience expert explication expression extension face façon fait famille faute fenêtre feu feuille fichier
figure filtre fin flux fonction fond force forme formation formule foyer frontière gain genre grille groupe guide
hasard hauteur heure histoire homme humain idée identité image impact indice individu industrie influence information
instance instruction intelligence intérêt interface intervalle jeu jour juge langage langue lecteur lecture lettre
liberté lien lieu ligne limite liste livre local loi longueur lumière machine main maison manière marche marché marque
masse matériel matière mémoire mention message mesure méthode milieu mise mode modèle moment monde mot mouvement moyen
moyenne nature niveau nœud nom nombre normal note notion nouvelle objectif objet observation opération opinion ordre
organisation origine outil page paire papier paramètre part partie pas passage patron peine pensée perception
performance période personne perte phase phrase pièce place plan plante poids point politique pont population port
position possibilité pouvoir pratique précision présence pression prix principe problème procédé processus production
produit profil profondeur programme progrès projet propriété puissance qualité quantité question raison rang rappel
rapport récompense recherche référence règle région relation rendement réponse représentation requête réseau résultat
retour réunion réussite revue richesse risque rôle route saison savoir scène schéma science score section sécurité
sélection sens série service session signal signe situation solution somme son sorte sortie source sphère stock
stratégie structure style sujet surface système table tableau tâche taille taux technique température temps tendance
terme test tête texte théorie titre ton tour trace traitement transfert travail tronc trou type unité usage utilisateur
valeur variation variété vecteur version vie vision vitesse voie voix volume vue zone
"""

LANGUAGES: Mapping[str, tuple[str, ...]] = {"en": tuple(_ENGLISH.split()), "fr": tuple(_FRENCH.split())}
"""The words of each language, by the first part of a BCP 47 tag."""


@cache
def _folded(language: str) -> frozenset[Name]:
    return frozenset(map(fold, LANGUAGES.get(language, ())))


def is_common(name: Name, language: str) -> bool:
    """Say whether a folded name is a single word of the general language, in any of its forms.

    One letter or sign alone is, in every language: it stands for something else in each formula.
    """
    if len(name) < 2:
        return True
    if " " in name:
        return False
    words = _folded(tongue(language))
    return name in words or any(other in words for other in others(name, language))
